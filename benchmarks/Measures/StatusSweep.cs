using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.Simulation;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>
/// Status of few and of many members in a warm session, compared with an etcdctl process that asks one after the other.
/// </summary>
internal sealed class StatusSweep : IMeasure
{
    private const string Etcdctl = "etcdctl endpoint status";

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);

    public string Name => "status";

    public string Question => "How long does the status of 3, 30 and 300 members take in a warm session?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        await using ModuleProcess module = await run.StartModuleAsync();
        var cases = new List<Case> { await MeasureLocalAsync(run, module) };
        foreach (int members in run.Pick<int[]>([3, 30], [3, 30, 300]))
            cases.Add(await MeasureSimulatedAsync(run, module, members));
        return new MeasureResult(Name, cases)
        {
            Notes =
            [
                "members with 20 ms are simulated, three per cluster: each answers every call that much "
                    + "later; connections have no delay, which favors etcdctl, because it opens them each time",
            ],
        };
    }

    private static async Task<Case> MeasureLocalAsync(BenchmarkRun run, ModuleProcess module)
    {
        await using TestEtcdCluster cluster = await run.StartClusterAsync(3);
        await module.RunAsync(cluster.ConnectScript());
        var measured = new Case("status of 3 local members, warm, TLS", "ms", BenchmarkRun.Module, Etcdctl)
        {
            Target = Target.Share(Etcdctl, 1, "less than one etcdctl process"),
        };
        await MeasureAsync(
            run,
            module,
            "(Get-EtcdMemberStatus).ForEach{ $_.MemberId }",
            measured,
            run.Rounds(5, 31),
            cluster.Binaries.Etcdctl,
            ["endpoint", "status", "-w", "json"],
            cluster.ConnectionEnvironment
        );
        return measured;
    }

    private static async Task<Case> MeasureSimulatedAsync(BenchmarkRun run, ModuleProcess module, int members)
    {
        await using SimulatedFleet fleet = await SimulatedFleet.StartAsync(
            new FleetOptions(members / 3, 3) { Latency = Latency }
        );
        await module.RunAsync(fleet.ConnectScript());
        var measured = new Case($"status of {members} members, 20 ms each, warm", "ms", BenchmarkRun.Module, Etcdctl)
        {
            Target = members == 300 ? Target.Share(Etcdctl, 0.1, "< 10 % of etcdctl") : null,
        };
        await MeasureAsync(
            run,
            module,
            "($fleet | Get-EtcdMemberStatus).ForEach{ $_.MemberId }",
            measured,
            run.Rounds(2, members == 300 ? 5 : 9),
            run.Etcd.Etcdctl,
            ["endpoint", "status", "-w", "json", "--endpoints", string.Join(',', fleet.AllEndpoints)],
            new Dictionary<string, string>()
        );
        return measured;
    }

    private static async Task MeasureAsync(
        BenchmarkRun run,
        ModuleProcess module,
        string status,
        Case measured,
        int rounds,
        string etcdctl,
        string[] arguments,
        IReadOnlyDictionary<string, string> environment
    )
    {
        for (int i = 0; i < 3; i++)
            await module.RunAsync(status);
        await run.InterleaveAsync(
            rounds,
            [BenchmarkRun.Module, Etcdctl],
            async (contender, _) =>
            {
                if (contender == BenchmarkRun.Module)
                {
                    ScriptRun script = await module.RunAsync(status);
                    measured.Add(contender, script.Elapsed.TotalMilliseconds, Work.Members(script.Rows));
                    return;
                }
                ToolRun tool = await Tool.RunAsync(etcdctl, arguments, environment, stop: run.Stop);
                measured.Add(
                    contender,
                    tool.Elapsed.TotalMilliseconds,
                    Work.Members(RealCluster.Read(tool.OutputOrThrow()).Select(m => m.Id))
                );
            }
        );
    }
}
