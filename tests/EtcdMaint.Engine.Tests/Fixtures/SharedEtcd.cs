using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>
/// One etcd cluster for the tests of a class that do not disturb each other, for example because they only read. It
/// starts with the first test that needs it.
/// </summary>
public sealed class SharedEtcd : IAsyncDisposable
{
    private readonly Dictionary<ClusterOptions, TestEtcdCluster> _clusters = [];

    /// <summary>The cluster with these options; tests of one class run one after the other.</summary>
    internal async Task<TestEtcdCluster> GetAsync(ClusterOptions options)
    {
        if (!_clusters.TryGetValue(options, out TestEtcdCluster? etcd))
            _clusters[options] = etcd = await TestEtcdCluster.StartAsync(
                options,
                TestContext.Current.CancellationToken
            );
        return etcd;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestEtcdCluster etcd in _clusters.Values)
            await etcd.DisposeAsync();
    }
}
