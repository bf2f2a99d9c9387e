using System.Net.Sockets;
using System.Text;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Transport.Ssh;

/// <summary>Commands over a real sshd, and their failures.</summary>
[Trait("Kind", "Real")]
public sealed class SshCommandTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CallBudget Limit => new(TimeSpan.FromSeconds(15), Cancellation);

    [Fact]
    public async Task Arguments_arrive_unchanged()
    {
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        await using var runner = new SshCommandRunner(nodes.Connection());
        string[] arguments =
        [
            "plain",
            "two words",
            " ",
            "",
            "'",
            "''",
            "\"",
            "a'b\"c",
            "$HOME",
            "$(id)",
            "`id`",
            "\\",
            "\\\\",
            "\\n",
            "line\nbreak\n",
            "*",
            "~",
            "!!",
            "#",
            "&&",
            ";",
            "|",
            "<a>",
            "M\u00fcller \u20ac",
            "-x",
            "--flag=a b",
            "%s",
            "\t",
            "etcdmaint-end 0",
        ];
        CommandOutput printed = await runner.RunAsync(
            "sh",
            ["-c", "for a in \"$@\"; do printf '[%s]\\0' \"$a\"; done", "sh", .. arguments],
            default,
            Limit
        );
        Assert.Equal(arguments.Select(a => $"[{a}]"), printed.Output.TrimEnd('\0').Split('\0'));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Passes_input_exit_codes_and_error_output_through_unchanged(bool hasControlSockets)
    {
        SshNodes.UseControlSockets(hasControlSockets);
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        await using var runner = new SshCommandRunner(nodes.Connection());
        byte[] input = Encoding.UTF8.GetBytes("first\n\n\"third\"");
        Assert.Equal("first\n\n\"third\"", (await runner.RunAsync("cat", [], input, Limit)).Output);

        foreach (int code in new[] { 0, 1, 3, 128, 255 })
        {
            CommandOutput ended = await runner.RunAsync(
                "sh",
                ["-c", $"echo out; echo err >&2; exit {code}"],
                default,
                Limit
            );
            Assert.Equal((code, "out\n", "err"), (ended.ExitCode, ended.Output, ended.Errors));
        }
        Assert.Equal(
            CallFailure.ProgramMissing,
            (await FailureAsync(() => runner.RunAsync("no-such-program", [], default, Limit))).Failure
        );
        Assert.Equal(
            CallFailure.TimedOut,
            (
                await FailureAsync(() =>
                    runner.RunAsync("sleep", ["60"], default, Limit with { Timeout = TimeSpan.FromSeconds(2) })
                )
            ).Failure
        );
    }

    [Fact]
    public async Task All_calls_share_one_login_which_is_repeated_when_it_is_lost()
    {
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        await using var runner = new SshCommandRunner(nodes.Connection());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => runner.RunAsync("echo", [$"{i}"], default, Limit)));
        Assert.Equal(1, Logins(nodes));
        nodes.Servers[0].CutConnections();
        await Poll.UntilAsync(
            async _ =>
            {
                try
                {
                    return (await runner.RunAsync("echo", ["again"], default, Limit)).Output == "again\n";
                }
                catch (DialException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(10),
            "a new login was made",
            Cancellation
        );
        Assert.True(Logins(nodes) >= 2);
    }

    [Fact]
    public async Task Without_control_sockets_a_login_that_a_busy_server_rejects_is_repeated()
    {
        SshNodes.UseControlSockets(false);
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1, new SshServerOptions { LoginsAtOnce = 1 });
        await using var runner = new SshCommandRunner(nodes.Connection());
        using TcpClient other = await OccupyAsync(nodes.Servers[0]);
        int rejected = Rejected(nodes);
        Task<CommandOutput[]> calls = Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => runner.RunAsync("cat", [], Encoding.UTF8.GetBytes($"{i}"), Limit))
        );
        await Poll.UntilAsync(
            () => Rejected(nodes) > rejected,
            TimeSpan.FromSeconds(10),
            "the server rejected a login",
            Cancellation
        );
        other.Dispose();
        Assert.Equal(["0", "1", "2", "3"], (await calls).Select(c => c.Output));
        Assert.InRange(Logins(nodes), 1, 4);
    }

    [Fact]
    public async Task Without_control_sockets_one_shell_runs_successive_commands_without_mixing_them()
    {
        SshNodes.UseControlSockets(false);
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        await using var runner = new SshCommandRunner(nodes.Connection());
        const string input = "'first' $HOME \"\\\n\nM\u00fcller";
        Assert.Equal(input, (await runner.RunAsync("cat", [], Encoding.UTF8.GetBytes(input), Limit)).Output);
        Assert.Equal("", (await runner.RunAsync("cat", [], default, Limit)).Output);
        CommandOutput ended = await runner.RunAsync("sh", ["-c", "printf out; printf err >&2; exit 7"], default, Limit);
        Assert.Equal((7, "out", "err"), (ended.ExitCode, ended.Output, ended.Errors));
        Assert.Equal(1, Logins(nodes));

        // A script cannot contain these bytes.
        byte[] zero = [65, 0, 66];
        Assert.Equal("A\0B", (await runner.RunAsync("cat", [], zero, Limit)).Output);
        Assert.Equal(2, Logins(nodes));
    }

    [Fact]
    public async Task Without_control_sockets_a_connection_that_breaks_is_lost_and_a_slow_login_ends_in_time()
    {
        SshNodes.UseControlSockets(false);
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        await using var runner = new SshCommandRunner(nodes.Connection());
        string begun = Path.Combine(nodes.Servers[0].FolderPath, "begun");
        Task<DialException> cut = FailureAsync(() =>
            runner.RunAsync("sh", ["-c", $"touch {begun}; sleep 30"], default, Limit)
        );
        await Poll.UntilAsync(() => File.Exists(begun), TimeSpan.FromSeconds(10), "it began", Cancellation);
        nodes.Servers[0].CutConnections();
        Assert.Equal(CallFailure.ConnectionLost, (await cut).Failure);

        ProcessSignal.Stop(nodes.Servers[0].ProcessId);
        DialException slow = await FailureAsync(() =>
            runner.RunAsync("true", [], default, Limit with { Timeout = TimeSpan.FromSeconds(1) })
        );
        ProcessSignal.Continue(nodes.Servers[0].ProcessId);
        Assert.Equal(CallFailure.SshHostUnreachable, slow.Failure);
        Assert.Equal("the login did not end in time", slow.Message);
    }

    [Fact]
    public async Task More_simultaneous_calls_than_sshd_allows_on_one_connection_all_succeed()
    {
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        await using var runner = new SshCommandRunner(nodes.Connection());
        CommandOutput[] all = await Task.WhenAll(
            Enumerable
                .Range(0, 25)
                .Select(i =>
                    runner.RunAsync(
                        "sh",
                        ["-c", $"sleep 1; echo {i}"],
                        default,
                        Limit with
                        {
                            Timeout = TimeSpan.FromSeconds(60),
                        }
                    )
                )
        );
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{i}\n"), all.Select(a => a.Output));
        output.WriteLine($"{Logins(nodes)} logins");
    }

    [Fact]
    public async Task A_connection_that_breaks_or_stops_answering_is_lost_and_not_a_failed_command()
    {
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        await using var runner = new SshCommandRunner(nodes.Connection());
        string begun = Path.Combine(nodes.Servers[0].FolderPath, "begun");

        Task<DialException> cut = FailureAsync(() =>
            runner.RunAsync("sh", ["-c", $"touch {begun}; sleep 30"], default, Limit)
        );
        await Poll.UntilAsync(() => File.Exists(begun), TimeSpan.FromSeconds(10), "it began", Cancellation);
        nodes.Servers[0].CutConnections();
        Assert.Equal(CallFailure.ConnectionLost, (await cut).Failure);

        File.Delete(begun);
        Task<DialException> silent = FailureAsync(() =>
            runner.RunAsync(
                "sh",
                ["-c", $"touch {begun}; sleep 60"],
                default,
                Limit with
                {
                    Timeout = TimeSpan.FromSeconds(50),
                }
            )
        );
        await Poll.UntilAsync(() => File.Exists(begun), TimeSpan.FromSeconds(10), "it began", Cancellation);
        nodes.Servers[0].SilenceConnections();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(CallFailure.ConnectionLost, (await silent).Failure);
        output.WriteLine($"silence was noticed after {watch.Elapsed.TotalSeconds:0.0} s");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_cause_of_a_failed_login_has_its_own_failure(bool hasControlSockets)
    {
        SshNodes.UseControlSockets(hasControlSockets);
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        await ExpectAsync(CallFailure.SshUnusable, nodes, nodes.Connection(program: "no-such-ssh"));
        nodes.Configure("  HostName no-such-host.invalid");
        await ExpectAsync(CallFailure.SshHostNotFound, nodes);
        nodes.Configure("  Port 1");
        await ExpectAsync(CallFailure.SshHostUnreachable, nodes);
        nodes.Configure($"  UserKnownHostsFile {await nodes.Servers[0].KnownHostsWithAnotherKeyAsync(Cancellation)}");
        await ExpectAsync(CallFailure.SshHostKeyRefused, nodes);
        nodes.Configure("  UserKnownHostsFile /dev/null");
        await ExpectAsync(CallFailure.SshHostKeyRefused, nodes);
        nodes.Configure($"  IdentityFile {await nodes.Servers[0].MakeUnknownKeyAsync(Cancellation)}");
        string good = Path.Combine(nodes.Servers[0].FolderPath, "user-key");
        File.Move(good, good + ".away");
        await ExpectAsync(CallFailure.SshLoginRefused, nodes);
        File.Move(good + ".away", good);
        nodes.Configure("  NoSuchOption yes");
        await ExpectAsync(CallFailure.SshUnusable, nodes);
    }

    [Theory]
    [InlineData("-oProxyCommand=id")]
    [InlineData("user@-oProxyCommand=id")]
    [InlineData("a b")]
    [InlineData("host:99999")]
    [InlineData("user@")]
    public void Rejects_hosts_that_look_like_options(string text) =>
        Assert.Equal("MalformedSshHost", Assert.Throws<EtcdException>(() => SshTarget.ParseAll([text])).ErrorId);

    [Theory]
    [InlineData("core@10.0.0.1", "core@10.0.0.1", null)]
    [InlineData("core@10.0.0.1:2222", "core@10.0.0.1", 2222)]
    [InlineData("ssh://core@host:22", "core@host", 22)]
    [InlineData("fd00::1", "fd00::1", null)]
    [InlineData("core@[fd00::1]:2222", "core@fd00::1", 2222)]
    [InlineData("prod-etcd-1", "prod-etcd-1", null)]
    public void Parses_hosts(string text, string destination, int? port) =>
        Assert.Equal(new SshTarget(destination, port), Assert.Single(SshTarget.ParseAll([text])));

    /// <summary>Opens a connection that never logs in.</summary>
    private static async Task<TcpClient> OccupyAsync(SshServer server)
    {
        while (true)
        {
            var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", server.Port, Cancellation);
            string? line = await new StreamReader(client.GetStream()).ReadLineAsync(Cancellation);
            if (line?.StartsWith("SSH-", StringComparison.Ordinal) is true)
                return client;
            client.Dispose();
        }
    }

    private static int Rejected(SshNodes nodes) => nodes.Servers[0].ReadLog().Split("MaxStartups").Length - 1;

    private static int Logins(SshNodes nodes) => nodes.Servers[0].ReadLog().Split("Accepted publickey").Length - 1;

    private static async Task<DialException> FailureAsync(Func<Task> call) =>
        await Assert.ThrowsAsync<DialException>(call);

    private async Task ExpectAsync(CallFailure expected, SshNodes nodes, SshConnection? connection = null)
    {
        await using var runner = new SshCommandRunner(connection ?? nodes.Connection());
        DialException failed = await FailureAsync(() => runner.RunAsync("true", [], default, Limit));
        output.WriteLine($"{failed.Failure}: {failed.Message}");
        Assert.Equal(expected, failed.Failure);
    }
}
