using EtcdMaint.Engine.Operations.Space;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>What the space usage says of data whose keys and sizes are known.</summary>
[Trait("Kind", "Real")]
public sealed class SpaceUsageTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-usage-");

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
        await AssertSnapshotAgrees(real, objects, rows);
    }

    /// <summary>A snapshot has the rows of the cluster, and the history that known writes made.</summary>
    private async Task AssertSnapshotAgrees(
        RealCluster real,
        KubernetesObjects objects,
        IReadOnlyList<EtcdSpaceUsage> live
    )
    {
        KeyUsage busy = objects.Usage.First(u => u.Resource == "pods" && u.KeyCount >= 4);
        SizedKey[] keys = [.. objects.Keys().Where(key => key.Key.StartsWith(busy.Prefix, StringComparison.Ordinal))];

        IReadOnlyList<EtcdSpaceUsage> clean = await ReadFileAsync(await SaveAsync(real, "clean.db"));
        Assert.Equal(
            live.Select(r => (r.Prefix, r.Resource, r.Namespace, r.KeyCount, r.Bytes, r.Share, r.Command)),
            clean.Select(r => (r.Prefix, r.Resource, r.Namespace, r.KeyCount, r.Bytes, r.Share, r.Command))
        );
        Assert.Equal(live.Select(r => r.LargestBytes), clean.Select(r => r.LargestBytes));
        Assert.All(clean, r => Assert.True(r is { BytesAreExact: true, DeadBytes: 0 } && r.Revisions == r.KeyCount));
        Assert.All(live, r => Assert.Null(r.DeadBytes));

        await real.Etcd.KeyValues.PutAsync(keys[0].Key, "1234567", cancellation: Cancellation);
        await real.Etcd.KeyValues.PutAsync(keys[0].Key, "12345678", cancellation: Cancellation);
        await real.Etcd.KeyValues.DeleteAsync(keys[1].Key, Cancellation);
        long dead = Bytes(keys[0]) + keys[0].Key.Length + "1234567".Length + Bytes(keys[1]) + keys[1].Key.Length;
        string path = await SaveAsync(real, "busy.db");
        EtcdSpaceUsage[] changed = [.. (await ReadFileAsync(path)).Where(r => r.DeadBytes > 0)];
        EtcdSpaceUsage row = Assert.Single(changed);
        Assert.Equal(
            (
                busy.Prefix,
                busy.KeyCount - 1L,
                busy.Bytes - Bytes(keys[0]) + keys[0].Key.Length + "12345678".Length - Bytes(keys[1]),
                busy.KeyCount + 3L,
                dead
            ),
            (row.Prefix, row.KeyCount, row.Bytes, row.Revisions, row.DeadBytes)
        );

        static long Bytes(SizedKey key) => key.Key.Length + key.ValueBytes;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Saves with etcdctl, because the module would write its lock, which the file would contain.</summary>
    private async Task<string> SaveAsync(RealCluster real, string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        ClusterMember leader = await real.Etcd.LeaderAsync(Cancellation);
        (
            await real.Etcd.EtcdctlAsync(["snapshot", "save", path, $"--endpoints={leader.ClientUrl}"], Cancellation)
        ).OutputOrThrow();
        return path;
    }

    private async Task<IReadOnlyList<EtcdSpaceUsage>> ReadFileAsync(string path)
    {
        var run = new RunRecorder();
        await Task.Run(
            () => new SnapshotUsageRun(new SnapshotUsageRequest { Path = path }, run).Run(Cancellation),
            Cancellation
        );
        output.WriteLine(run.Story);
        Assert.Empty(run.Warnings);
        return run.Rows<EtcdSpaceUsage>();
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
