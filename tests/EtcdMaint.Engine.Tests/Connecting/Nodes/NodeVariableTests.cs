using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>A node whose login sets variables of etcdctl, as /etc/environment does.</summary>
[Trait("Kind", "Real")]
public sealed class NodeVariableTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ETCDCTL_API=2")]
    [InlineData("ETCDCTL_API=2", "ETCDCTL_ENDPOINTS=http://127.0.0.1:1", "ETCDCTL_USER=root:secret")]
    [InlineData("ETCDCTL_HEX=true", "ETCDCTL_WRITE_OUT=fields", "ETCDCTL_CLUSTER=true", "ETCDCTL_CACERT=/nowhere")]
    [InlineData("ETCDCTL_DISCOVERY_SRV=no-such-domain.invalid")]
    public async Task Variables_of_the_node_have_no_effect(params string[] variables)
    {
        var login = new SshServerOptions { FurtherVariables = variables };
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1, login);
        var options = new ClusterOptions { Tls = TlsMode.Mutual };
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(options, Cancellation);
        SshConnectRequest request = nodes.Request(etcd) with { ContainerRuntime = EtcdContainerRuntime.None };
        EtcdConnection connection = await RealCluster.ConnectAsync(request);
        await using IEtcdCluster cluster = connection.Cluster;
        var recorder = new RunRecorder();
        await cluster.GetStatusAsync(null, RealCluster.Timeout, recorder, Cancellation);
        Assert.Empty(recorder.Errors);
        Assert.Equal(etcd.Members[0].Id, Assert.Single(recorder.Rows<EtcdMemberStatus>(), r => r.IsReachable).MemberId);
    }
}
