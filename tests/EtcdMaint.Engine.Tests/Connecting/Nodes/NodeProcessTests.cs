using System.Diagnostics;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>Which etcd process of a node is selected, and which of its settings are certain.</summary>
[Trait("Kind", "Real")]
public sealed class NodeProcessTests : IAsyncLifetime
{
    private readonly ThrowAwayFolder _folder = ThrowAwayFolder.Create("node");
    private readonly List<Process> _started = [];

    private static CallBudget Limit => new(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in _started)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task Relative_paths_are_resolved_in_the_working_folder_of_the_process()
    {
        using var certificates = new ClusterCertificates(_folder.Combine("tls"), "client");
        string Relative(string path) => Path.GetRelativePath(_folder.FullPath, path);
        int port = LoopbackPorts.Take();
        await StartAsync(
            "https",
            port,
            null,
            null,
            "--cert-file",
            Relative(certificates.Server.Certificate),
            $"--key-file=./{Relative(certificates.Server.Key)}",
            "--trusted-ca-file",
            Relative(certificates.Ca)
        );

        EtcdProcess process = (await FindAsync("https", port))!;
        Assert.Equal(
            (certificates.Server.Certificate, certificates.Server.Key, certificates.Ca, _folder.Combine($"data{port}")),
            (process.ServerCertificate, process.ServerKey, process.Authority, process.DataFolder)
        );
    }

    [Theory]
    [InlineData(null, null, 2L << 30)]
    [InlineData("33554432", null, 33554432L)]
    [InlineData(null, "-1", -1L)]
    [InlineData(null, "67108864", 67108864L)]
    public async Task The_quota_is_read_from_the_variables_and_flags_of_the_process(
        string? variable,
        string? flag,
        long quota
    )
    {
        int port = LoopbackPorts.Take();
        await StartAsync("http", port, null, variable, flag is null ? [] : ["--quota-backend-bytes", flag]);
        Assert.Equal(quota, (await FindAsync("http", port))!.QuotaBytes);
    }

    [Fact]
    public async Task An_etcd_in_its_own_network_is_not_mistaken_for_the_one_on_the_same_port_of_the_node()
    {
        Assert.SkipUnless(await HasNetworksAsync(), "unshare cannot make a network namespace here");
        int port = LoopbackPorts.Take();
        Process other = await StartAsync("http", port, "unshare", "33554432");
        Process node = await StartAsync("http", port, null, null);

        EtcdProcess found = (await FindAsync("http", port))!;
        Assert.NotEqual(other.Id, found.Id);
        Assert.Equal((node.Id, false, 2L << 30), (found.Id, found.IsElsewhere, found.QuotaBytes));
    }

    [Fact]
    public async Task The_process_that_listens_on_the_port_is_selected_rather_than_the_first_process()
    {
        int first = LoopbackPorts.Take();
        int second = LoopbackPorts.Take();
        await StartAsync("http", first, null, "33554432");
        Process wanted = await StartAsync("http", second, null, "67108864");
        EtcdProcess found = (await FindAsync("http", second))!;
        Assert.Equal((wanted.Id, 67108864L), (found.Id, found.QuotaBytes));
        Assert.Contains(second, found.Listeners.Select(l => l.Port));
    }

    [Theory]
    [InlineData("environ\nenv ETCD_DEBUG=true\narg etcd\narg --enable-v2=false", null, "debug enable-v2")]
    [InlineData("arg etcd\narg --enable-v2=false", "its variables cannot be read without root", "enable-v2")]
    [InlineData(
        "environ\nenv ETCD_DEBUG=true\narg etcd\narg --config-file=/etc/etcd.yaml",
        "its config file /etc/etcd.yaml cannot be read",
        "config-file"
    )]
    public async Task The_settings_of_a_process_are_listed_with_what_hides_others(
        string seen,
        string? hidden,
        string flags
    )
    {
        EtcdProcess process = (
            await EtcdProcessFinder.FindAsync(
                Node($"pid 7\n{seen}\n"),
                EtcdEndpoint.Parse("http://127.0.0.1:2379", false),
                "node",
                Limit
            )
        )!;
        Assert.Equal(hidden, process.ToSettings().Hidden);
        Assert.Equal(flags.Split(' '), process.ToSettings().All.Select(s => s.Flag));
    }

    [Theory]
    [InlineData("environ\narg etcd\narg --name=a", 2L << 30)]
    [InlineData("arg etcd\narg --quota-backend-bytes=8589934592", null)]
    [InlineData("environ\narg etcd\narg --config-file=/etc/etcd.yaml\narg --quota-backend-bytes=8589934592", null)]
    [InlineData("environ\nenv ETCD_CONFIG_FILE=/etc/etcd.yaml\narg etcd", null)]
    [InlineData("elsewhere\nenviron\narg etcd\narg --quota-backend-bytes=8589934592", null)]
    public async Task The_quota_is_unknown_if_settings_were_not_read_or_the_process_is_in_another_network(
        string seen,
        long? quota
    ) =>
        Assert.Equal(
            quota,
            (
                await EtcdProcessFinder.FindAsync(
                    Node($"pid 7\n{seen}\n"),
                    EtcdEndpoint.Parse("http://127.0.0.1:2379", false),
                    "node",
                    Limit
                )
            )!.QuotaBytes
        );

    [Theory]
    [InlineData("1000", "1000", 8589934592L, "/var/lib/etcd")]
    [InlineData("1000", "5000", null, null)]
    [InlineData("1000", null, null, null)]
    [InlineData(null, "1000", null, null)]
    public async Task A_config_file_that_changed_after_etcd_started_is_not_used(
        string? started,
        string? changed,
        long? quota,
        string? folder
    )
    {
        var node = new ScriptedNode(command =>
            command.StartsWith("sh ", StringComparison.Ordinal)
                ? new CommandOutput(
                    0,
                    $"pid 7\n{(started is null ? "" : $"started {started}\n")}environ\narg etcd\narg "
                        + "--config-file=/etc/etcd.yaml\n",
                    ""
                )
            : command == "cat /proc/7/root/etc/etcd.yaml"
                ? new CommandOutput(0, "quota-backend-bytes: 8589934592\ndata-dir: /var/lib/etcd\nname: a\n", "")
            : command == "stat -L -c %Z /proc/7/root/etc/etcd.yaml" && changed is not null
                ? new CommandOutput(0, $"{changed}\n", "")
            : null
        );
        EtcdProcess process = (await EtcdProcessFinder.FindAsync(node, null, "node", Limit))!;
        Assert.Equal((quota, folder), (process.QuotaBytes, process.DataFolder));
    }

    [Fact]
    public async Task The_quota_of_a_config_file_is_used_until_the_file_changes()
    {
        int port = LoopbackPorts.Take();
        string config = _folder.Combine("config");
        string text = $"""
            data-dir: {_folder.Combine("data")}
            listen-client-urls: http://127.0.0.1:{port}
            advertise-client-urls: http://127.0.0.1:{port}
            listen-peer-urls: http://127.0.0.1:0
            quota-backend-bytes: 33554432
            """;
        await File.WriteAllTextAsync(config, text, Limit.Stop);
        Process etcd = Process.Start(
            new ProcessStartInfo((await EtcdReleases.DefaultAsync()).Etcd, [$"--config-file={config}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        _started.Add(etcd);
        _folder.Remember(ProcessMark.Of(etcd.Id));
        await Poll.UntilAsync(
            async _ => await FindAsync("http", port) is { QuotaBytes: 33554432L } found && found.Id == etcd.Id,
            TimeSpan.FromSeconds(30),
            "the quota is read",
            Limit.Stop
        );
        await Poll.UntilAsync(
            async token =>
            {
                await File.WriteAllTextAsync(
                    config,
                    text.Replace("33554432", "67108864", StringComparison.Ordinal),
                    token
                );
                return await FindAsync("http", port) is { QuotaBytes: null, DataFolder: null };
            },
            TimeSpan.FromSeconds(30),
            "the change of the file is seen",
            Limit.Stop
        );
    }

    [Fact]
    public async Task Without_an_endpoint_none_of_several_processes_in_the_network_of_the_node_is_selected()
    {
        const string Two =
            "pid 7\nenviron\narg etcd\npid 8\nenviron\narg etcd\narg --listen-client-urls=http://127.0.0.1:3379\n";
        Assert.Equal(
            "SeveralEtcdOnNode",
            (
                await Assert.ThrowsAsync<EtcdException>(() =>
                    EtcdProcessFinder.FindAsync(Node(Two), null, "node", Limit)
                )
            ).ErrorId
        );
        string one = Two.Replace("pid 7\n", "pid 7\nelsewhere\n", StringComparison.Ordinal);
        Assert.Equal(8, (await EtcdProcessFinder.FindAsync(Node(one), null, "node", Limit))!.Id);
    }

    [Fact]
    public async Task None_of_two_processes_that_may_serve_the_endpoint_is_selected()
    {
        const string Two =
            "pid 7\nlistens 00000000:094B\nenviron\narg etcd\npid 8\nlistens 00000000:094B\nenviron\narg etcd\n";
        Assert.Null(
            await EtcdProcessFinder.FindAsync(
                Node(Two),
                EtcdEndpoint.Parse("http://127.0.0.1:2379", false),
                "node",
                Limit
            )
        );
    }

    [Fact]
    public async Task A_proxy_is_not_a_member()
    {
        const string Proxy = "pid 7\nenviron\narg etcd\narg grpc-proxy\narg start\npid 8\nenviron\narg etcd\n";
        Assert.Equal(8, (await EtcdProcessFinder.FindAsync(Node(Proxy), null, "node", Limit))!.Id);
    }

    [Fact]
    public void A_relative_path_is_unknown_when_the_working_folder_is_not_readable() =>
        Assert.Null(
            new EtcdProcess(1, new Dictionary<string, string> { ["cert-file"] = "server.crt" }).ServerCertificate
        );

    private static ScriptedNode Node(string processes) =>
        new(command =>
            command.StartsWith("sh ", StringComparison.Ordinal)
                ? new CommandOutput(0, processes, "")
                : new CommandOutput(1, "", "permission denied")
        );

    private static async Task<EtcdProcess?> FindAsync(string scheme, int port)
    {
        await using var node = new LocalCommandRunner();
        return await EtcdProcessFinder.FindAsync(
            node,
            EtcdEndpoint.Parse($"{scheme}://127.0.0.1:{port}", false),
            "here",
            Limit
        );
    }

    private static async Task<bool> HasNetworksAsync()
    {
        await using var here = new LocalCommandRunner();
        try
        {
            return (await here.RunAsync("unshare", ["-rn", "true"], default, Limit)).ExitCode == 0;
        }
        catch (DialException)
        {
            return false;
        }
    }

    /// <summary>
    /// Starts etcd in the folder of this test, and with <paramref name="launcher"/> in its own network.
    /// </summary>
    private async Task<Process> StartAsync(
        string scheme,
        int port,
        string? launcher,
        string? quota,
        params string[] more
    )
    {
        EtcdBinaries binaries = await EtcdReleases.DefaultAsync();
        string name = $"{port}{launcher}";
        string peer = $"http://0.0.0.0:{LoopbackPorts.Take()}";
        string log = _folder.Combine($"log{name}");
        string[] etcd =
        [
            binaries.Etcd,
            "--name=node",
            "--data-dir",
            $"data{name}",
            "--logger=zap",
            $"--log-outputs={log}",
            $"--listen-client-urls={scheme}://0.0.0.0:{port}",
            $"--advertise-client-urls={scheme}://127.0.0.1:{port}",
            $"--listen-peer-urls={peer}",
            $"--initial-advertise-peer-urls={peer}",
            $"--initial-cluster=node={peer}",
            .. more,
        ];
        string[] command = launcher is null ? etcd : [launcher, "-rn", .. etcd];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = _folder.FullPath,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (quota is not null)
            start.Environment["ETCD_QUOTA_BACKEND_BYTES"] = quota;
        Process process = Process.Start(start)!;
        _started.Add(process);
        _folder.Remember(ProcessMark.Of(process.Id));
        await Poll.UntilAsync(
            () =>
                process.HasExited
                    ? throw new InvalidOperationException("etcd ended")
                    : File.Exists(log) && File.ReadAllText(log).Contains("serving", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            "etcd is ready",
            Limit.Stop
        );
        return process;
    }
}
