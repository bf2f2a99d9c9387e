using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Load;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>Finds the resource and namespace that is written most, among many.</summary>
internal sealed class SpaceUsageWriters : IMeasure
{
    private const int Writers = 200;

    private const int PlantedPerSecond = 50;

    private const int OthersPerSecond = 2;

    private const int SampleSeconds = 5;

    public string Name => "space-writers";

    public string Question => "How long does it take to find one writer of 50 writes per second among 200?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        var time = new Case(
            $"time until the writers are listed, -SampleSeconds {SampleSeconds}",
            "s",
            BenchmarkRun.Module
        )
        {
            Target = Target.AtMost(10, "< 10 s"),
        };
        var place = new Case("place of the planted writer in the list", "", BenchmarkRun.Module)
        {
            Target = new Target("always the first", c => c.Module.Spread is { } places ? places.Most == 1 : null),
        };
        var rate = new Case("error of its writes per second", "%", BenchmarkRun.Module);

        KubernetesObjects objects = SpaceUsageData.Objects(run.Pick(5_000, 25_000));
        await using TestEtcdCluster cluster = await SpaceUsageData.StartAsync(run, objects);
        await using ModuleProcess module = await run.StartModuleAsync();
        await module.RunAsync(cluster.ConnectScript());
        string[] prefixes =
        [
            .. objects.Usage.Where(u => u.Namespace is not null).Take(Writers).Select(u => u.Prefix.TrimEnd('/')),
        ];
        if (prefixes.Length < Writers)
            throw new InvalidOperationException($"The data has only {prefixes.Length} resources in namespaces.");
        for (int round = 0; round < run.Rounds(1, 5); round++)
        {
            string planted = prefixes[(round * 37) % Writers];
            string[] others = [.. prefixes.Where(p => p != planted)];
            await using FixedRateWriters busy = FixedRateWriters.Start(
                cluster,
                PlantedPerSecond,
                _ => $"{planted}/writer"
            );
            await using FixedRateWriters rest = FixedRateWriters.Start(
                cluster,
                OthersPerSecond * others.Length,
                number => $"{others[number % others.Length]}/writer"
            );
            await Task.Delay(TimeSpan.FromSeconds(1), run.Stop);
            (TimeSpan took, IReadOnlyList<SpaceUsageRow> rows) = await module.GetSpaceUsageAsync(
                $"-SampleSeconds {SampleSeconds}"
            );

            SpaceUsageRow[] sorted = [.. rows.OrderByDescending(r => r.WritesPerSecond ?? 0)];
            int index = Array.FindIndex(sorted, r => r.Prefix == planted);
            string work = $"{rows.Count(r => r.WritesPerSecond > 0)} writers listed";
            time.Add(BenchmarkRun.Module, took.TotalSeconds, work);
            place.Add(BenchmarkRun.Module, index < 0 ? double.PositiveInfinity : index + 1, work);
            if (index >= 0)
                rate.Add(
                    BenchmarkRun.Module,
                    100 * Math.Abs((sorted[index].WritesPerSecond ?? 0) - PlantedPerSecond) / PlantedPerSecond,
                    work
                );
        }
        return new MeasureResult(Name, [time, place, rate])
        {
            Notes =
            [
                $"the other {Writers - 1} writers make {OthersPerSecond} writes per second each",
                "the list is sorted by WritesPerSecond here, regardless of the order of the rows",
            ],
        };
    }
}
