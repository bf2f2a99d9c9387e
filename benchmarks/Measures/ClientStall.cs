using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Load;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>
/// The effect of a defragmentation of the whole cluster on clients that write through every member. It determines the
/// module's default for the leader.
/// </summary>
internal sealed class ClientStall : IMeasure
{
    private const string Moved = "EtcdMaint -RequireLeaderMove";

    private const string Etcdctl = "etcdctl defrag";

    private const string EtcdDefragMoved = "etcd-defrag --move-leader";

    public string Name => "stall";

    public string Question =>
        "How does a defragmentation of the cluster affect clients that write through all members?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        string[] contenders =
        [
            BenchmarkRun.Module,
            Moved,
            Etcdctl,
            .. EtcdDefragTool.IfFound(EtcdDefragTool.Name, EtcdDefragMoved),
        ];
        var cases = new List<Case>();
        foreach (
            long live in run.IsLong ? [400_000_000L, 2_000_000_000L] : run.Pick<long[]>([20_000_000], [400_000_000])
        )
            cases.AddRange(await MeasureAsync(run, contenders, live));
        return new MeasureResult(Name, cases)
        {
            Notes = ["in each round, all contenders start with the same member as leader", .. EtcdDefragTool.Notes],
        };
    }

    private static async Task<IEnumerable<Case>> MeasureAsync(BenchmarkRun run, string[] contenders, long live)
    {
        await using TestEtcdCluster cluster = await run.StartClusterAsync(3, quota: 8L << 30);
        await using ModuleProcess module = await run.StartModuleAsync();
        await SmallTransactions.WriteAsync(cluster, live, run.Stop);
        await module.RunAsync(cluster.ConnectScript());
        await module.RunAsync("$null = Get-EtcdMemberStatus");

        var figures = new StallCases($"{live / 1_000_000:N0} MB live", contenders);
        await run.InterleaveAsync(
            run.Rounds(1, 7),
            contenders,
            async (contender, round) =>
            {
                // Enough free bytes for every tool to defragment every member.
                await SmallTransactions.WriteAsync(cluster, Math.Max(live / 5, 18_000_000), run.Stop);
                await cluster.CompactWhollyAsync(run.Stop);
                await LeaderPlace.PutAsync(cluster, cluster.Members[round % cluster.Members.Count], run.Stop);
                WarmMemory.Use(3 * live);
                figures.Add(
                    contender,
                    await MeasureOnceAsync(
                        run,
                        cluster,
                        () =>
                            contender switch
                            {
                                Etcdctl => cluster.DefragmentAsync(run.Stop),
                                EtcdDefragTool.Name => EtcdDefragTool.DefragmentAsync(cluster, run.Stop),
                                EtcdDefragMoved => EtcdDefragTool.DefragmentAsync(cluster, run.Stop, "--move-leader"),
                                Moved => module.RunAsync(
                                    "$null = Get-EtcdMember | Invoke-EtcdDefrag -RequireLeaderMove"
                                ),
                                _ => module.RunAsync("$null = Get-EtcdMember | Invoke-EtcdDefrag"),
                            }
                    )
                );
            }
        );
        return figures.Cases;
    }

    private static async Task<StallRun> MeasureOnceAsync(
        BenchmarkRun run,
        TestEtcdCluster cluster,
        Func<Task> defragment
    )
    {
        IReadOnlyList<MemberFigures> before = await cluster.ReadAsync(run.Stop);
        int moves = EtcdLogs.LeaderMoves(cluster);
        DefragLog mark = DefragLog.Mark(cluster);
        await using ClosedLoopWriters load = ClosedLoopWriters.Start(cluster);
        await Task.Delay(TimeSpan.FromSeconds(run.Pick(0.3, 1)), run.Stop);
        DateTimeOffset from = load.Now;
        await defragment();
        DateTimeOffset to = load.Now;

        // The client still has to wait for a write that was blocked at the end.
        await Task.Delay(TimeSpan.FromSeconds(run.Pick(0.3, 1)), run.Stop);
        IReadOnlyList<WriteAttempt> attempts = await load.StopAsync();
        IReadOnlyList<Defragmentation> runs = mark.Since(cluster);
        IReadOnlyList<MemberFigures> after = await cluster.ReadAsync(run.Stop);
        return new StallRun(
            ClientStalls.Of(attempts, from, to, runs),
            to - from,
            after[0].Term - before[0].Term - (EtcdLogs.LeaderMoves(cluster) - moves),
            DefragLog.Describe(cluster, runs)
        );
    }
}
