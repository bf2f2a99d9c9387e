using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Load;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>
/// A week of nightly runs on a cluster where defragmentation is worth it in one night of seven: the pauses of members
/// for each reclaimed GB. Each contender has its own cluster, on which the same data is written.
/// </summary>
internal sealed class NightlyWeek : IMeasure
{
    private const string Etcdctl = "etcdctl defrag every night";

    private const string EtcdDefrag = "etcd-defrag with its sample rule";

    private const int Nights = 7;

    private const int BigNight = 3;

    public string Name => "week";

    public string Question => "How many seconds of pause does each reclaimed GB cost in a week of nightly runs?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        string[] contenders = [BenchmarkRun.Module, Etcdctl, .. EtcdDefragTool.IfFound(EtcdDefrag)];
        Target share = Target.Share(Etcdctl, 0.2, "< 20 % of etcdctl");
        Target? noMore = EtcdDefragTool.IsFound ? Target.Share(EtcdDefrag, 1, "no more than etcd-defrag") : null;
        var cost = new Case("pause for each GB reclaimed in a week of nightly runs", "s/GB", contenders)
        {
            Target = noMore is null ? share : share.And(noMore),
        };
        var pauses = new Case("pauses of members in that week", "times", contenders) { Target = noMore };
        var paused = new Case("total pause of all members in that week", "s", contenders);
        var reclaimed = new Case("reclaimed in that week, all members", "MB", contenders);
        await run.InterleaveAsync(
            run.Rounds(1, 6),
            contenders,
            async (contender, _) =>
            {
                (TimeSpan[] stood, long bytes, string work) = await LiveThroughAsync(run, contender);
                double seconds = stood.Sum(p => p.TotalSeconds);
                cost.Add(contender, seconds / (bytes / 1e9), work);
                pauses.Add(contender, stood.Length, work);
                paused.Add(contender, seconds, work);
                reclaimed.Add(contender, bytes / 1e6, work);
            }
        );
        return new MeasureResult(Name, [cost, pauses, paused, reclaimed]) { Notes = EtcdDefragTool.Notes };
    }

    private static async Task<(TimeSpan[] Pauses, long Bytes, string Work)> LiveThroughAsync(
        BenchmarkRun run,
        string contender
    )
    {
        long live = run.Pick(20_000_000L, 400_000_000L);
        // The large night is above every contender's threshold, including etcd-defrag's 200 MiB, and the small nights
        // together are below each.
        (long quiet, long big) = run.Pick((500_000L, 50_000_000L), (4_000_000L, 400_000_000L));
        await using TestEtcdCluster cluster = await run.StartClusterAsync(3);
        await using ModuleProcess? module = contender == BenchmarkRun.Module ? await run.StartModuleAsync() : null;
        if (module is not null)
            await module.RunAsync(cluster.ConnectScript());
        await SmallTransactions.WriteAsync(cluster, live, run.Stop);
        await cluster.TidyAsync(run.Stop);

        DefragLog mark = DefragLog.Mark(cluster);
        long bytes = 0;
        for (int night = 0; night < Nights; night++)
        {
            await GrowAsync(cluster, live, night == BigNight ? big : quiet, run.Stop);
            long before = (await cluster.ReadAsync(run.Stop)).Sum(m => m.DbSize);
            WarmMemory.Use(3 * live);
            WarmMemory.UseForFile(Path.Combine(cluster.FolderPath, "warm"), 2 * live);
            if (module is not null)
                await module.RunAsync(
                    $"$null = Invoke-EtcdDefrag -MinimumFragmentationRatio 0.45 -MinimumFreeBytes {run.Pick(25, 100)}MB"
                );
            else if (contender == Etcdctl)
                await cluster.DefragmentAsync(run.Stop);
            else
                await EtcdDefragTool.DefragmentAsync(
                    cluster,
                    run.Stop,
                    "--defrag-rule",
                    "dbQuotaUsage > 0.8 || dbSize - dbSizeInUse > 200*1024*1024"
                );
            bytes += before - (await cluster.ReadAsync(run.Stop)).Sum(m => m.DbSize);
        }

        // At the end, no more may remain than the small nights left.
        bool isKept = (await cluster.ReadAsync(run.Stop)).All(m => m.DbSize - m.InUse < big / 2);
        TimeSpan[] pauses = [.. mark.Since(cluster).Select(r => r.Ended!.Value - r.Started)];
        return (
            pauses,
            bytes,
            $"{Nights} nights over {live / 1_000_000} MB, "
                + $"{(isKept ? "the large night reclaimed on all members" : "the large night not reclaimed")}"
        );
    }

    /// <summary>A day of overwrites, whose history is compacted as the API server does it.</summary>
    private static async Task GrowAsync(TestEtcdCluster cluster, long live, long dead, CancellationToken stop)
    {
        for (long left = dead; left > 0; left -= live)
            await SmallTransactions.WriteAsync(cluster, Math.Min(left, live), stop);
        await cluster.CompactWhollyAsync(stop);
    }
}
