using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>What the space usage must say, over every access, of a cluster that was filled until it refused writes.</summary>
internal static class FilledKeys
{
    private const int ValueBytes = 100_000;

    /// <summary>The length of the keys that <see cref="Loader.FillUntilNoSpaceAsync"/> overwrites.</summary>
    private const int KeyBytes = 13;

    public static async Task AssertFoundAsync(IEtcdCluster cluster)
    {
        var run = new RunRecorder();
        var request = new SpaceUsageRequest { CallTimeout = RealCluster.Timeout, Exact = true };
        await cluster.GetSpaceUsageAsync(request, run, TestContext.Current.CancellationToken);
        EtcdSpaceUsage row = Assert.Single(run.Rows<EtcdSpaceUsage>(), r => r.Prefix == "fill/");
        Assert.True(row.KeyCount > 0, run.Story);
        Assert.Equal((row.KeyCount * (ValueBytes + KeyBytes), true), (row.Bytes, row.BytesAreExact));
    }
}
