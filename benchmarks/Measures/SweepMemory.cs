using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.Simulation;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>The peak memory of a process for reading many members, and for a large snapshot.</summary>
internal sealed class SweepMemory : IMeasure
{
    private const double MB = 1e6;

    private const string Etcdctl = "etcdctl";

    public string Name => "memory";

    public string Question => "How much memory do the status of 300 members and a large snapshot take?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        var cases = new List<Case> { await IdleAsync(run) };
        foreach (int clusters in run.Pick<int[]>([1, 10], [1, 100]))
            cases.Add(await SweepAsync(run, clusters));
        foreach (int megabytes in run.Pick<int[]>([40], [64, 1074]))
            cases.Add(await SnapshotAsync(run, megabytes));
        return new MeasureResult(Name, cases)
        {
            Notes =
            [
                "the peak resident memory of the whole process (VmHWM), including PowerShell",
                "the module reads the status ten times in one process; etcdctl once, because it then ends",
            ],
        };
    }

    private static async Task<Case> IdleAsync(BenchmarkRun run)
    {
        var measured = new Case("peak memory of PowerShell after importing the module", "MB", BenchmarkRun.Module);
        for (int round = 0; round < run.Rounds(1, 3); round++)
            measured.Add(BenchmarkRun.Module, (await RunModuleAsync(run, "1")).Peak, "imported");
        return measured;
    }

    private static async Task<Case> SweepAsync(BenchmarkRun run, int clusters)
    {
        await using SimulatedFleet fleet = await SimulatedFleet.StartAsync(
            new FleetOptions(clusters, 3) { Latency = TimeSpan.FromMilliseconds(20) }
        );
        var measured = NewCase($"peak memory of the status of {clusters * 3} members");
        await run.InterleaveAsync(
            run.Rounds(1, 3),
            [BenchmarkRun.Module, Etcdctl],
            async (contender, _) =>
            {
                if (contender == BenchmarkRun.Module)
                {
                    (double peak, IReadOnlyList<string> ids) = await RunModuleAsync(
                        run,
                        $"{fleet.ConnectScript()}; foreach ($i in 1..10) {{ $status = $fleet | "
                            + "Get-EtcdMemberStatus }; $status.ForEach{ $_.MemberId }"
                    );
                    measured.Add(contender, peak, Work.Members(ids));
                    return;
                }
                (double most, string json) = await RunEtcdctlAsync(
                    run,
                    ["endpoint", "status", "-w", "json", "--endpoints", string.Join(',', fleet.AllEndpoints)],
                    new Dictionary<string, string>()
                );
                measured.Add(contender, most, Work.Members(RealCluster.Read(json).Select(m => m.Id)));
            }
        );
        return measured;
    }

    private static async Task<Case> SnapshotAsync(BenchmarkRun run, int megabytes)
    {
        await using TestEtcdCluster cluster = await run.StartClusterAsync(1, quota: 4L << 30);
        await cluster.Loader.LoadAsync(megabytes * 1_000_000L, 0, valueBytes: 50_000, cancellation: run.Stop);
        string file = Path.Combine(cluster.FolderPath, "snapshot.db");
        var measured = NewCase($"peak memory of a snapshot of {megabytes:N0} MB");
        await run.InterleaveAsync(
            run.Rounds(1, 2),
            [BenchmarkRun.Module, Etcdctl],
            async (contender, _) =>
            {
                File.Delete(file);
                double peak =
                    contender == Etcdctl
                        ? (
                            await RunEtcdctlAsync(
                                run,
                                ["snapshot", "save", file, "--command-timeout", "120s"],
                                cluster.ConnectionEnvironment
                            )
                        ).Peak
                        : (
                            await RunModuleAsync(
                                run,
                                $"{cluster.ConnectScript()}; $null = Save-EtcdSnapshot {ModuleFiles.Quote(file)}"
                            )
                        ).Peak;
                measured.Add(contender, peak, $"a file of {new FileInfo(file).Length >> 20} MiB");
            }
        );
        return measured;
    }

    private static Case NewCase(string name) =>
        new(name, "MB", BenchmarkRun.Module, Etcdctl) { Target = Target.AtMost(200, "< 200 MB") };

    private static async Task<(double Peak, IReadOnlyList<string> Rows)> RunModuleAsync(BenchmarkRun run, string script)
    {
        await using ModuleProcess module = await run.StartModuleAsync();
        IReadOnlyList<string> rows = (await module.RunAsync(script)).Rows;
        return (
            (
                module.PeakBytes
                ?? throw new PlatformNotSupportedException("This system does not report the peak memory of a process.")
            ) / MB,
            rows
        );
    }

    private static async Task<(double Peak, string Output)> RunEtcdctlAsync(
        BenchmarkRun run,
        string[] arguments,
        IReadOnlyDictionary<string, string> environment
    )
    {
        ToolRun tool = await Tool.RunAsync(run.Etcd.Etcdctl, arguments, environment, watchMemory: true, run.Stop);
        return (tool.PeakBytes!.Value / MB, tool.OutputOrThrow());
    }
}
