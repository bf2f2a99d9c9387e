using System.Diagnostics;
using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.Simulation;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>
/// One table of hundreds of clusters, some of them unreachable, compared with a loop of etcdctl over them.
/// </summary>
internal sealed class FleetSweep : IMeasure
{
    private const string Loop = "a serial loop of etcdctl";

    private const int TimeoutSeconds = 5;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);

    public string Name => "fleet";

    public string Question =>
        "How long does the status of 10, 100 and 1,000 clusters of 3 members take if 1 % are unreachable?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        var cases = new List<Case>();
        foreach (int clusters in run.Pick<int[]>([10, 100], [10, 100, 1000]))
            cases.AddRange(await MeasureAsync(run, clusters));
        return new MeasureResult(Name, cases)
        {
            Notes =
            [
                "members are simulated, 20 ms per call; an unreachable cluster accepts calls and never answers; the "
                    + $"timeout is {TimeoutSeconds} s for all",
            ],
        };
    }

    private static async Task<Case[]> MeasureAsync(BenchmarkRun run, int clusters)
    {
        await using SimulatedFleet fleet = await SimulatedFleet.StartAsync(
            new FleetOptions(clusters, 3)
            {
                Latency = Latency,
                ConditionOf = FleetOptions.Some(clusters / 100, clusters, ClusterCondition.Silent),
            }
        );
        await using ModuleProcess module = await run.StartModuleAsync();
        var connect = new Case($"connect {clusters:N0} clusters, without a check", "s", BenchmarkRun.Module);
        // The loop waits for each unreachable cluster in turn, which takes too long for a smoke test.
        string[] contenders = run.IsShort && clusters > 10 ? [BenchmarkRun.Module] : [BenchmarkRun.Module, Loop];
        var sweep = new Case($"status of {clusters:N0} clusters, {clusters / 100} unreachable", "s", contenders)
        {
            Target = clusters == 1000 ? Target.AtMost(10 + TimeoutSeconds, "< 10 s and one timeout") : null,
        };
        int rounds = run.Rounds(1, clusters == 1000 ? 1 : 3);

        ScriptRun connected = await module.RunAsync($"{fleet.ConnectScript()}; $fleet.Count");
        connect.Add(BenchmarkRun.Module, connected.Elapsed.TotalSeconds, $"{connected.Rows[0]} connections");
        await run.InterleaveAsync(
            rounds,
            contenders,
            async (contender, _) =>
            {
                (TimeSpan took, IEnumerable<string> ids) =
                    contender == BenchmarkRun.Module ? await AskModuleAsync(module) : await LoopAsync(run, fleet);
                sweep.Add(contender, took.TotalSeconds, Work.Members(ids));
            }
        );
        return [connect, sweep];
    }

    private static async Task<(TimeSpan, IEnumerable<string>)> AskModuleAsync(ModuleProcess module)
    {
        ScriptRun script = await module.RunAsync(
            $"($fleet | Get-EtcdMemberStatus -TimeoutSeconds {TimeoutSeconds} -ErrorAction "
                + "SilentlyContinue).Where{ $_.IsReachable }.ForEach{ $_.MemberId }"
        );
        return (script.Elapsed, script.Rows);
    }

    private static async Task<(TimeSpan, IEnumerable<string>)> LoopAsync(BenchmarkRun run, SimulatedFleet fleet)
    {
        var ids = new List<string>();
        var watch = Stopwatch.StartNew();
        for (int cluster = 0; cluster < fleet.Clusters; cluster++)
        {
            // An unreachable cluster ends it with an error and without any output.
            ToolRun tool = await Tool.RunAsync(
                run.Etcd.Etcdctl,
                [
                    "endpoint",
                    "status",
                    "-w",
                    "json",
                    "--command-timeout",
                    $"{TimeoutSeconds}s",
                    "--endpoints",
                    string.Join(',', fleet.Endpoints(cluster)),
                ],
                stop: run.Stop
            );
            if (tool.Output.StartsWith('['))
                ids.AddRange(RealCluster.Read(tool.Output).Select(m => m.Id));
        }
        return (watch.Elapsed, ids);
    }
}
