using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Transport.Ssh;

/// <summary>How many logins stay open while no call uses them, over a real sshd.</summary>
[Trait("Kind", "Real")]
public sealed class IdleConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Idle_logins_above_the_limit_are_closed_least_recently_used_first()
    {
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        var idle = new IdleConnections(limit: 2);
        SshConnection[] connections =
        [
            .. Enumerable.Range(0, 4).Select(i => nodes.Connection(socket: $"s{i}", idle: idle)),
        ];
        foreach (SshConnection connection in connections)
            await RunAsync(connection);
        await Poll.UntilAsync(
            () => Open(nodes).Length == 2,
            TimeSpan.FromSeconds(20),
            "two logins are left",
            Cancellation
        );
        Assert.Equal(["s2", "s3"], Open(nodes));

        await RunAsync(connections[2]);
        Assert.Equal(4, Logins(nodes));
        await RunAsync(connections[0]);
        Assert.Equal(5, Logins(nodes));
        await Poll.UntilAsync(
            () => Open(nodes).Length == 2,
            TimeSpan.FromSeconds(20),
            "two logins are left",
            Cancellation
        );
        Assert.Equal(["s0", "s2"], Open(nodes));
        foreach (SshConnection connection in connections)
            await connection.DisposeAsync();
        Assert.Empty(Open(nodes));
    }

    [Fact]
    public async Task A_login_in_use_is_never_closed()
    {
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        var idle = new IdleConnections(limit: 0);
        await using SshConnection connection = nodes.Connection(idle: idle);
        var runner = new SshCommandRunner(connection);
        Task<CommandOutput> running = runner.RunAsync("cat", [], default, Limit);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => runner.RunAsync("true", [], default, Limit)));
        Assert.Equal(0, (await running).ExitCode);
        Assert.InRange(Logins(nodes), 1, 4);
        await Poll.UntilAsync(
            () => Open(nodes).Length == 0,
            TimeSpan.FromSeconds(20),
            "no login is left",
            Cancellation
        );
    }

    private static CallBudget Limit => new(TimeSpan.FromSeconds(60), Cancellation);

    private static Task RunAsync(SshConnection connection) =>
        new SshCommandRunner(connection).RunAsync("true", [], default, Limit);

    private static string[] Open(SshNodes nodes) =>
        [
            .. Directory
                .GetFiles(nodes.Servers[0].FolderPath, "s?")
                .Concat(Directory.GetFiles(nodes.Servers[0].FolderPath, "socket"))
                .Select(file => Path.GetFileName(file))
                .Order(),
        ];

    private static int Logins(SshNodes nodes) => nodes.Servers[0].ReadLog().Split("Accepted publickey").Length - 1;
}
