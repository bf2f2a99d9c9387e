using EtcdMaint.Engine.Tests.Connecting.Kubernetes;
using EtcdMaint.Engine.Tests.Connecting.Ssh;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting;

/// <summary>A connection works as before after its streams were closed because it was idle.</summary>
[Trait("Kind", "Real")]
public sealed class ReopenedStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_endpoint_is_connected_again_with_the_same_certificate_and_login()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual, Auth = true },
            Cancellation
        );
        await using NetworkProxy proxy = NetworkProxy.Start(etcd.Members[0]);
        EndpointConnectRequest request = RealCluster.RequestFor(etcd) with
        {
            Endpoint = [proxy.Url],
            NoDiscovery = true,
        };
        await using RealCluster real = await RealCluster.ConnectToSharedAsync(etcd, request);
        await AssertReachableAsync(real);
        int accepted = proxy.AcceptedConnections;
        Assert.True(proxy.OpenConnections > 0);

        Close(real.Cluster);
        await Poll.UntilAsync(
            () => proxy.OpenConnections == 0,
            TimeSpan.FromSeconds(20),
            "no connection is open",
            Cancellation
        );
        await AssertReachableAsync(real);
        Assert.True(proxy.AcceptedConnections > accepted);

        Close(real.Cluster);
        RunRecorder defrag = await real.DefragmentAsync(r => r with { MinimumFreeBytes = 0 });
        Assert.Equal(EtcdDefragStatus.Defragmented, Assert.Single(defrag.Rows<EtcdDefragResult>()).Status);
    }

    [Fact]
    public async Task A_port_of_each_pod_is_forwarded_again()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.PortForward);
        await connection.StatusAsync();
        int forwarded = plane.Api.Count(ApiKind.PortForward);
        await connection.StatusAsync();
        Assert.Equal(forwarded, plane.Api.Count(ApiKind.PortForward));

        Close(connection.Cluster);
        RunRecorder status = await connection.StatusAsync();
        Assert.All(status.Rows<EtcdMemberStatus>(), s => Assert.True(s.IsReachable));
        Assert.Equal(forwarded + 3, plane.Api.Count(ApiKind.PortForward));
    }

    [Fact]
    public async Task A_stream_over_ssh_is_opened_again_over_the_same_login()
    {
        await using var shared = new SshCluster();
        SshNodes nodes = await shared.NodesAsync();
        await using RealCluster real = await shared.ConnectAsync(nodes, EtcdAccess.SshStream);
        await AssertReachableAsync(real);
        int logins = Logins(nodes);

        Close(real.Cluster);
        await AssertReachableAsync(real);
        Assert.Equal(logins, Logins(nodes));
    }

    private static void Close(IEtcdCluster cluster) => ((EtcdCluster)cluster).CloseWhenIdle();

    private static async Task AssertReachableAsync(RealCluster real) =>
        Assert.All(await real.StatusAsync(), s => Assert.True(s.IsReachable));

    private static int Logins(SshNodes nodes) =>
        nodes.Servers.Sum(server => server.ReadLog().Split("Accepted publickey").Length - 1);
}
