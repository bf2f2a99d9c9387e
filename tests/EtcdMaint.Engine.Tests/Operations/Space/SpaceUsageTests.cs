using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>What the space usage says of data whose keys and sizes are known.</summary>
[Trait("Kind", "Real")]
public sealed class SpaceUsageTests(ITestOutputHelper output)
{
    public static TheoryData<string> AllReleases => [.. Releases.All];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static SpaceUsageRequest Request => new() { CallTimeout = RealCluster.Timeout };

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Every_resource_and_namespace_is_counted_and_measured_exactly(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Members = 3, Binaries = await Releases.OrSkipAsync(release) }
        );
        var objects = new KubernetesObjects();
        await real.Etcd.Loader.LoadAsync(objects, cancellation: Cancellation);

        IReadOnlyList<EtcdSpaceUsage> rows = await ReadAsync(real, Request with { Exact = true });
        Assert.Equal(
            objects.Usage.Select(u => (u.Prefix, u.Resource, u.Namespace, (long)u.KeyCount, (long?)u.Bytes)),
            rows.OrderBy(r => r.Prefix, StringComparer.Ordinal)
                .Select(r => (r.Prefix, r.Resource, r.Namespace, r.KeyCount, r.Bytes))
        );
        Assert.Equal(rows.OrderByDescending(r => r.Bytes), rows);
        Assert.All(rows, r => Assert.True(r is { BytesAreExact: true, BytesErrorRatio: 0 }, $"{r}"));
        Assert.Equal(1, rows.Sum(r => r.Share!.Value), 6);

        IReadOnlyList<EtcdSpaceUsage> counted = await ReadAsync(real, Request with { CountOnly = true, Depth = 1 });
        Assert.Equal(
            objects
                .Usage.Where(u => u.Resource is not null)
                .GroupBy(u => u.Resource)
                .Select(g => (g.Key, g.Sum(u => (long)u.KeyCount)))
                .Order(),
            counted.Where(r => r.Resource is not null).Select(r => (r.Resource, r.KeyCount)).Order()
        );
        Assert.All(counted, r => Assert.Null(r.Bytes));
    }

    private async Task<IReadOnlyList<EtcdSpaceUsage>> ReadAsync(RealCluster real, SpaceUsageRequest request)
    {
        var run = new RunRecorder();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await real.Cluster.GetSpaceUsageAsync(request, run, Cancellation);
        output.WriteLine($"{clock.Elapsed.TotalMilliseconds:0} ms");
        output.WriteLine(run.Story);
        IReadOnlyList<EtcdSpaceUsage> rows = run.Rows<EtcdSpaceUsage>();
        foreach (EtcdSpaceUsage row in rows.Take(15))
            output.WriteLine($"{row.Prefix} {row.Resource} {row.Namespace} {row.KeyCount} {row.Bytes}");
        return rows;
    }
}
