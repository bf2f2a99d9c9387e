using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>
/// How far the estimated bytes are from the real ones, which are known because the data is made from a seed.
/// </summary>
internal sealed class SpaceUsageError : IMeasure
{
    private const int Largest = 10;

    public string Name => "space-error";

    /// <summary>Loading takes much longer than a sample, so each data set is sampled several times.</summary>
    private const int SamplesOfDataSet = 5;

    public string Question => "How wrong are the estimated bytes of the ten largest rows, for 20 samples?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        int keys = run.IsLong ? 1_000_000 : run.Pick(10_000, 250_000);
        var worst = new Case($"largest error of the ten largest rows, {keys:N0} keys", "%", BenchmarkRun.Module)
        {
            Target = new Target(
                "within 5 % in every sample",
                c => c.Module.Spread is { } errors ? errors.Most <= 5 : null
            ),
        };
        var outside = new Case(
            $"rows whose real bytes are outside of the stated error, {keys:N0} keys",
            "%",
            BenchmarkRun.Module
        );
        await using ModuleProcess module = await run.StartModuleAsync();
        int samples = run.Rounds(2, 20);
        int perDataSet = run.IsLong ? samples : SamplesOfDataSet;
        for (int first = 0; first < samples; first += perDataSet)
        {
            int seed = 1 + (first / perDataSet);
            KubernetesObjects objects = SpaceUsageData.Objects(keys, seed);
            await using TestEtcdCluster cluster = await SpaceUsageData.StartAsync(run, objects, members: 1);
            await module.RunAsync(cluster.ConnectScript());
            for (int sample = first + 1; sample <= Math.Min(first + perDataSet, samples); sample++)
            {
                (_, IReadOnlyList<SpaceUsageRow> rows) = await module.GetSpaceUsageAsync();
                Compare(objects, rows, $"data set {seed}", worst, outside);
                BenchmarkRun.Say($"  sample {sample} of {samples}: {worst.Module.Samples[^1].Value:0.00} % at most");
            }
            await module.RunAsync("Disconnect-EtcdCluster");
        }
        return new MeasureResult(Name, [worst, outside])
        {
            Notes = ["the stated error is a 95 % confidence interval; rows without it are not included"],
        };
    }

    private static void Compare(
        KubernetesObjects objects,
        IReadOnlyList<SpaceUsageRow> rows,
        string work,
        Case worst,
        Case outside
    )
    {
        Dictionary<string, SpaceUsageRow> found = rows.ToDictionary(r => r.Prefix);
        (KeyUsage Real, SpaceUsageRow Row)[] pairs =
        [
            .. objects
                .Usage.Where(u => u.Resource is not null)
                .OrderByDescending(u => u.Bytes)
                .Select(u =>
                    (
                        u,
                        found.GetValueOrDefault(u.Prefix.TrimEnd('/'))
                            ?? throw new InvalidOperationException($"There is no row for {u.Prefix}.")
                    )
                ),
        ];
        if (Array.Find(pairs, p => p.Row.Keys != p.Real.KeyCount) is { Real: { } real, Row: { } row })
            throw new InvalidOperationException($"{real.Prefix} has {real.KeyCount} keys, and not {row.Keys}.");

        worst.Add(BenchmarkRun.Module, pairs.Take(Largest).Max(p => 100 * ErrorOf(p.Real, p.Row)), work);
        (KeyUsage Real, SpaceUsageRow Row)[] stated = [.. pairs.Where(p => p.Row.ErrorRatio is > 0)];
        if (stated.Length > 0)
            outside.Add(
                BenchmarkRun.Module,
                100.0
                    * stated.Count(p => Math.Abs(p.Real.Bytes - p.Row.Bytes!.Value) > p.Row.ErrorRatio * p.Row.Bytes)
                    / stated.Length,
                work
            );
    }

    private static double ErrorOf(KeyUsage real, SpaceUsageRow row) =>
        Math.Abs((double)(row.Bytes ?? 0) - real.Bytes) / real.Bytes;
}
