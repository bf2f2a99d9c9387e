using System.Net.Sockets;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Transport.Ssh;

/// <summary>Nodes that are reached through a jump host from the ssh config.</summary>
[Trait("Kind", "Real")]
public sealed class JumpHostTests(ITestOutputHelper output)
{
    private const int LoginsAtOnce = 3;

    /// <summary>Without control sockets, each of a dozen commands logs in through the jump host.</summary>
    private static readonly TimeSpan ManyLoginsLimit = TimeSpan.FromSeconds(45);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Logins_that_a_busy_jump_host_rejects_are_retried_a_little_later(bool hasControlSockets)
    {
        SshNodes.UseControlSockets(hasControlSockets);
        await using SshNodes nodes = await SshNodes.OrSkipAsync(3);
        await using SshServer jump = await SshServer.StartAsync(
            new SshServerOptions { LoginsAtOnce = LoginsAtOnce },
            Cancellation
        );
        nodes.ConfigureBehind(jump);
        TcpClient[] others = await OccupyAsync(jump);
        int turnedAway = TurnedAway(jump);
        Task<RealCluster> connecting = RealCluster.StartAsync(
            new ClusterOptions { Members = 3, Tls = TlsMode.Mutual },
            etcd => nodes.Request(etcd) with { CallTimeout = ManyLoginsLimit }
        );
        await Poll.UntilAsync(
            () => TurnedAway(jump) > turnedAway,
            TimeSpan.FromSeconds(20),
            "the jump host rejected a login",
            Cancellation
        );
        Array.ForEach(others, o => o.Dispose());

        await using RealCluster real = await connecting;
        Assert.All(await real.StatusAsync(), s => Assert.True(s.IsReachable, jump.ReadLog()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_permanent_failure_of_the_jump_host_or_the_node_is_reported(bool hasControlSockets)
    {
        SshNodes.UseControlSockets(hasControlSockets);
        await using SshNodes nodes = await SshNodes.OrSkipAsync(2);
        await using SshServer jump = await SshServer.StartAsync(
            new SshServerOptions { LoginsAtOnce = LoginsAtOnce },
            Cancellation
        );
        nodes.ConfigureBehind(jump);
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            Cancellation
        );
        ConnectRequest request = nodes.Request(etcd) with { SshHost = [SshNodes.Name(1)] };
        TcpClient[] others = await OccupyAsync(jump);
        Assert.Equal("SshServerHungUp", await ErrorAsync(request));
        Array.ForEach(others, o => o.Dispose());

        await nodes.Servers[1].DisposeAsync();
        Assert.Equal("SshHostUnreachable", await ErrorAsync(request));
        await jump.DisposeAsync();
        Assert.Equal("SshHostUnreachable", await ErrorAsync(request));
    }

    /// <summary>Opens connections that never log in, as many as the server allows.</summary>
    private static async Task<TcpClient[]> OccupyAsync(SshServer server)
    {
        var clients = new List<TcpClient>();

        // The readiness check of the server may count as one of them for a moment.
        await Poll.UntilAsync(
            async token =>
            {
                var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", server.Port, token);
                if (
                    (await new StreamReader(client.GetStream()).ReadLineAsync(token))?.StartsWith(
                        "SSH-",
                        StringComparison.Ordinal
                    )
                    is true
                )
                    clients.Add(client);
                else
                    client.Dispose();
                return clients.Count == LoginsAtOnce;
            },
            TimeSpan.FromSeconds(20),
            $"{LoginsAtOnce} connections wait for a login",
            Cancellation
        );
        return [.. clients];
    }

    private static int TurnedAway(SshServer server) => server.ReadLog().Split("MaxStartups").Length - 1;

    private async Task<string> ErrorAsync(ConnectRequest request)
    {
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() => RealCluster.ConnectAsync(request));
        output.WriteLine($"{error.ErrorId}: {error.Message}");
        return error.ErrorId;
    }
}
