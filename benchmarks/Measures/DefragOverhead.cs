using System.Globalization;
using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Load;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>The time of a defragmentation of an idle cluster in addition to the time that the servers need.</summary>
internal sealed class DefragOverhead : IMeasure
{
    private const string Etcdctl = "etcdctl defrag";

    /// <summary>A row is written when its member is stable.</summary>
    private const string Script =
        "Get-EtcdMember | Invoke-EtcdDefrag | ForEach-Object { \"$($_.MemberName) $($_.Status) "
        + "$([DateTime]::UtcNow.Ticks)\" }";

    public string Name => "overhead";

    public string Question => "How much time does a defragmentation take in addition to the servers' own time?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        long live = run.Pick(20_000_000L, 400_000_000L);
        long dead = run.Pick(20_000_000L, 100_000_000L);
        await using TestEtcdCluster cluster = await run.StartClusterAsync(3, quota: 4L << 30);
        await using ModuleProcess module = await run.StartModuleAsync();
        await SmallTransactions.WriteAsync(cluster, live, run.Stop);
        await module.RunAsync(cluster.ConnectScript());
        await module.RunAsync("$null = Get-EtcdMemberStatus");

        string[] contenders = [BenchmarkRun.Module, Etcdctl, .. EtcdDefragTool.IfFound(EtcdDefragTool.Name)];
        string what = $"defrag of 3 idle members, {live / 1_000_000} MB live";
        var servers = new Case($"{what}: the servers' own time", "s", contenders);
        var beyond = new Case(
            $"{what}: time in addition to the servers', without waiting for stability",
            "s",
            contenders
        );
        var share = new Case($"{what}: the additional time as a share of the servers'", "%", contenders)
        {
            Target = Target.AtMost(5, "< 5 %"),
        };
        var stability = new Case($"{what}: waiting for stability, each member", "s", BenchmarkRun.Module)
        {
            Target = Target.AtMost(1, "< 1 s"),
        };
        await run.InterleaveAsync(
            run.Rounds(2, 5),
            contenders,
            async (contender, _) =>
            {
                await SmallTransactions.WriteAsync(cluster, dead, run.Stop);
                await cluster.CompactWhollyAsync(run.Stop);
                WarmMemory.Use(3 * live);
                WarmMemory.UseForFile(Path.Combine(cluster.FolderPath, "warm"), 2 * live);
                var mark = DefragLog.Mark(cluster);
                DateTimeOffset started = DateTimeOffset.UtcNow;
                (TimeSpan took, IReadOnlyList<DateTimeOffset> stableAt) = contender switch
                {
                    BenchmarkRun.Module => await DefragmentAsync(module),
                    Etcdctl => (await cluster.DefragmentAsync(run.Stop), []),
                    _ => (await EtcdDefragTool.DefragmentAsync(cluster, run.Stop), []),
                };

                IReadOnlyList<Defragmentation> runs = mark.Since(cluster);
                string work = DefragLog.Describe(cluster, runs);
                TimeSpan own = runs.Aggregate(TimeSpan.Zero, (sum, r) => sum + (r.Ended!.Value - r.Started));
                TimeSpan[] waits = [.. runs.Zip(stableAt, (r, at) => at - r.Ended!.Value)];
                TimeSpan rest = took - own - waits.Aggregate(TimeSpan.Zero, (sum, s) => sum + s);
                servers.Add(contender, own.TotalSeconds, work);
                beyond.Add(contender, rest.TotalSeconds, work);
                share.Add(contender, 100 * rest / own, work);
                foreach (TimeSpan wait in waits)
                    stability.Add(contender, wait.TotalSeconds, work);
            }
        );
        return new MeasureResult(Name, [servers, beyond, share, stability])
        {
            Notes =
            [
                "the servers' time and the end of each defragmentation come from the members' own logs",
                .. EtcdDefragTool.Notes,
            ],
        };
    }

    private static async Task<(TimeSpan, IReadOnlyList<DateTimeOffset>)> DefragmentAsync(ModuleProcess module)
    {
        ScriptRun run = await module.RunAsync(Script);
        return (
            run.Elapsed,
            [
                .. run.Rows.Select(r => new DateTimeOffset(
                    long.Parse(r.Split(' ')[2], CultureInfo.InvariantCulture),
                    TimeSpan.Zero
                )),
            ]
        );
    }
}
