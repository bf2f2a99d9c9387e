using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Ssh;

/// <summary>
/// Three nodes with a member of one cluster on each, for the tests of a class that leave both running. They start with
/// the first test, which may be skipped.
/// </summary>
public sealed class SshCluster : IAsyncDisposable
{
    private readonly SharedEtcd _etcd = new();
    private SshNodes? _nodes;

    /// <summary>The nodes, each reached directly again.</summary>
    internal async Task<SshNodes> NodesAsync()
    {
        _nodes ??= await SshNodes.OrSkipAsync(3);
        _nodes.Configure();
        return _nodes;
    }

    /// <summary>A new connection over these nodes.</summary>
    internal async Task<RealCluster> ConnectAsync(SshNodes nodes, EtcdAccess access)
    {
        TestEtcdCluster etcd = await _etcd.GetAsync(new ClusterOptions { Members = 3, Tls = TlsMode.Mutual });
        SshConnectRequest request = nodes.Request(etcd) with
        {
            Tls = access is EtcdAccess.SshStream ? RealCluster.RequestFor(etcd).Tls : new TlsRequest(),
        };
        return await RealCluster.ConnectToSharedAsync(etcd, request);
    }

    public async ValueTask DisposeAsync()
    {
        await _etcd.DisposeAsync();
        if (_nodes is not null)
            await _nodes.DisposeAsync();
    }
}
