using System.Globalization;
using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.Simulation;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>The cost of the maintenance of a fleet, from ten clusters to ten thousand.</summary>
internal sealed class FleetScale : IMeasure
{
    private const double MB = 1e6;

    /// <summary>The fleet with which larger ones are compared.</summary>
    private const int Basis = 100;

    private const double Factor = 1.2;

    /// <summary>The objects of a connection and of the last run over it, which stay until it is disconnected.</summary>
    private const double KilobytesPerCluster = 10;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(2);

    public string Name => "fleet-scale";

    public string Question => "Do the time for each cluster and the memory grow with the number of clusters?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        var cases = new List<Case>();
        foreach (bool isVerified in (bool[])[false, true])
            cases.AddRange(await MeasureAsync(run, isVerified));
        return new MeasureResult(Name, cases)
        {
            Notes =
            [
                "clusters of one simulated member, one of ten with a defragmentation that is due, 32 at the same time, "
                    + $"in a process that has maintained {run.Pick(10, Basis)} clusters before",
            ],
        };
    }

    private static async Task<IReadOnlyList<Case>> MeasureAsync(BenchmarkRun run, bool isVerified)
    {
        var cases = new List<Case>();
        Case? cost = null;
        Case? memory = null;
        foreach (
            int clusters in run.IsShort ? [10, 40]
            : run.IsLong ? [10, 100, 1000, 10_000]
            : (int[])[10, 100, 1000]
        )
        {
            string what = $"maintenance of {clusters:N0} clusters{(isVerified ? ", connections verified" : "")}";
            var time = new Case($"{what}: time for each cluster", "ms", BenchmarkRun.Module);
            var processor = new Case($"{what}: processor time for each cluster", "ms", BenchmarkRun.Module)
            {
                Target = NoMoreThan(cost, 0),
            };
            var peak = new Case($"{what}: peak memory", "MB", BenchmarkRun.Module)
            {
                Target = NoMoreThan(memory, clusters * KilobytesPerCluster / 1000),
            };
            for (int round = 0; round < run.Rounds(1, clusters > 1000 ? 1 : 3); round++)
                await MeasureAsync(run, clusters, isVerified, time, processor, peak);
            if (clusters == Basis)
                (cost, memory) = (processor, peak);
            cases.AddRange([time, processor, peak]);
        }
        return cases;
    }

    private static async Task MeasureAsync(
        BenchmarkRun run,
        int clusters,
        bool isVerified,
        Case time,
        Case processor,
        Case peak
    )
    {
        await using ModuleProcess module = await run.StartModuleAsync();
        await MaintainAsync(module, run.Pick(10, Basis), isVerified);
        TimeSpan before = module.ProcessorTime;
        ScriptRun script = await MaintainAsync(module, clusters, isVerified);
        string work = string.Join(", ", script.Rows);
        time.Add(BenchmarkRun.Module, script.Elapsed.TotalMilliseconds / clusters, work);
        processor.Add(BenchmarkRun.Module, (module.ProcessorTime - before).TotalMilliseconds / clusters, work);
        peak.Add(BenchmarkRun.Module, module.PeakBytes!.Value / MB, work);
    }

    private static async Task<ScriptRun> MaintainAsync(ModuleProcess module, int clusters, bool isVerified)
    {
        await using SimulatedFleet fleet = await SimulatedFleet.StartAsync(
            new FleetOptions(clusters, 1)
            {
                Latency = Latency,
                ConditionOf = FleetOptions.Some(clusters / 10, clusters, ClusterCondition.Fragmented),
            }
        );
        string file = Path.GetTempFileName();
        try
        {
            await fleet.WriteCsvAsync(file);
            return await module.RunAsync(
                FleetScripts.ReadCsv(file)
                    + $" | Connect-EtcdCluster{(isVerified ? "" : " -NoVerify")} | "
                    + "Invoke-EtcdMaintenance -ThrottleLimit 32 -WarningAction SilentlyContinue | "
                    + "ForEach-Object -Begin { $count = @{} } -Process { $count[\"$($_.Status)\"]++ } -End "
                    + "{ foreach ($status in $count.Keys) { \"$status $($count[$status])\" } }"
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Target? NoMoreThan(Case? basis, double more) =>
        basis is null
            ? null
            : new Target(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"<= {Factor} times that of {Basis} clusters{(more > 0 ? $" and {more:0} MB" : "")}"
                ),
                c =>
                    c.Module.Spread is { } mine && basis.Module.Spread is { } least
                        ? mine.Median <= Factor * least.Median + more
                        : null
            );
}
