using System.Globalization;
using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>
/// The runbook defragments directly after the compaction, while members are still removing history. How much remains?
/// </summary>
internal sealed class ReclaimedBytes : IMeasure
{
    private const string Runbook = "the runbook: etcdctl compact, then defrag";

    private const int ValueBytes = 1000;

    /// <summary>A member that kept more than half of its history counts as not shrunk.</summary>
    private const double LeftWhole = 0.5;

    public string Name => "reclaimed";

    public string Question =>
        "How much is reclaimed if compaction and defragmentation directly follow many old revisions?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        int dead = run.Pick(12_000, 120_000);
        int live = run.Pick(6_000, 60_000);
        await using TestEtcdCluster cluster = await run.StartClusterAsync(3, quota: 4L << 30);
        await using ModuleProcess module = await run.StartModuleAsync();
        await module.RunAsync(cluster.ConnectScript());

        string[] contenders = [BenchmarkRun.Module, Runbook];
        var share = new Case($"history reclaimed after {dead:N0} old revisions, all members", "%", contenders)
        {
            Target = new Target("all of it", c => c.Module.Spread?.Least >= 95),
        };
        var whole = new Case($"members not shrunk after {dead:N0} old revisions", "members", contenders)
        {
            Target = Target.AtMost(0, "none"),
        };
        var took = new Case($"compaction and defragmentation after {dead:N0} old revisions", "s", contenders);
        await run.InterleaveAsync(
            run.Rounds(1, 3),
            contenders,
            async (contender, _) =>
            {
                await cluster.Loader.LoadAsync(
                    (long)live * ValueBytes,
                    (long)dead * ValueBytes,
                    ValueBytes,
                    cancellation: run.Stop
                );
                IReadOnlyList<MemberFigures> before = await cluster.ReadAsync(run.Stop);
                TimeSpan elapsed =
                    contender == BenchmarkRun.Module
                        ? await MaintainAsync(module)
                        : await RunbookAsync(cluster, before, run.Stop);
                IReadOnlyList<MemberFigures> after = await cluster.ReadAsync(run.Stop);

                // A complete compaction and defragmentation shows how much was reclaimable.
                await cluster.TidyAsync(run.Stop);
                IReadOnlyList<MemberFigures> least = await cluster.ReadAsync(run.Stop);
                double[] reclaimed =
                [
                    .. before.Select((b, i) => (b.DbSize - after[i].DbSize) / (double)(b.DbSize - least[i].DbSize)),
                ];
                string work =
                    $"{dead:N0} old of {dead + live:N0} revisions, {before.Count} members, compacted to the newest";
                share.Add(
                    contender,
                    100
                        * before.Select((b, i) => b.DbSize - after[i].DbSize).Sum()
                        / before.Select((b, i) => (double)(b.DbSize - least[i].DbSize)).Sum(),
                    work
                );
                whole.Add(contender, reclaimed.Count(r => r < LeftWhole), work);
                took.Add(contender, elapsed.TotalSeconds, work);
            }
        );
        return new MeasureResult(Name, [share, whole, took]);
    }

    private static async Task<TimeSpan> MaintainAsync(ModuleProcess module) =>
        (await module.RunAsync("$null = Get-EtcdMember | Invoke-EtcdCompaction | Invoke-EtcdDefrag")).Elapsed;

    private static async Task<TimeSpan> RunbookAsync(
        TestEtcdCluster cluster,
        IReadOnlyList<MemberFigures> before,
        CancellationToken stop
    )
    {
        string revision = before.Max(m => m.Revision).ToString(CultureInfo.InvariantCulture);
        ToolRun compact = await cluster.RunEtcdctlAsync(["compact", revision, "--command-timeout", "15s"], stop);
        compact.OutputOrThrow();
        ToolRun defrag = await cluster.RunEtcdctlAsync(["defrag", "--command-timeout", "60s"], stop);
        defrag.OutputOrThrow();
        return compact.Elapsed + defrag.Elapsed;
    }
}
