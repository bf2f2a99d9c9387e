using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>
/// A simulated member of a release that can crash at a transaction that only reads fails at every such transaction.
/// </summary>
[Collection<SimulatedClusters>]
public sealed class OldReleaseTests
{
    [Theory]
    [InlineData("3.4.22")]
    [InlineData("3.5.6")]
    [InlineData("3.5.7")]
    public async Task Space_usage_is_read_without_transactions_that_could_crash_a_member(string version)
    {
        var cluster = new CalmCluster(version: version);
        for (int i = 0; i < 100; i++)
            cluster.Etcd.Keys.Put($"/registry/pods/default/p{i}", new byte[100]);
        await cluster.ReadSpaceUsageAsync(new SpaceUsageRequest { CallTimeout = TimeSpan.FromSeconds(15) });
        EtcdSpaceUsage row = Assert.Single(cluster.Pipeline.Out.OfType<EtcdSpaceUsage>());
        Assert.Equal(("pods", "default", 100), (row.Resource, row.Namespace, row.KeyCount));
    }
}
