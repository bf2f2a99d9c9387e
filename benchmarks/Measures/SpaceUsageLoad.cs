using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Load;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>How much slower clients write while somebody asks what fills the database.</summary>
internal sealed class SpaceUsageLoad : IMeasure
{
    private const string Exact = "EtcdMaint -Exact";

    private const string Alone = "the writes alone";

    private const string Etcdctl = "etcdctl get --prefix -w json";

    private const int PerSecond = 500;

    private const int Keys = 1_000;

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    public string Name => "space-load";

    public string Question => "How much slower are 500 writes per second while a run reads next to them?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        var cases = new List<Case>();
        var notes = new List<string>
        {
            "during all writes of a turn, the runs follow each other without a pause",
            "the time of a write begins when it is due, even if earlier writes delay it",
        };
        foreach (int keys in run.IsLong ? [250_000, 1_000_000] : run.Pick<int[]>([5_000], [250_000]))
            cases.AddRange(await MeasureAsync(run, keys, notes));
        return new MeasureResult(Name, cases) { Notes = notes };
    }

    private static async Task<Case[]> MeasureAsync(BenchmarkRun run, int keys, List<string> notes)
    {
        KubernetesObjects objects = SpaceUsageData.Objects(keys);
        await using TestEtcdCluster cluster = await SpaceUsageData.StartAsync(run, objects);
        await using ModuleProcess module = await run.StartModuleAsync();
        await module.RunAsync(cluster.ConnectScript());
        await module.GetSpaceUsageAsync("-CountOnly");

        string? obstacle = EtcdctlGet.WhyNotReadable(objects.Bytes);
        if (obstacle is not null)
            notes.Add($"{Etcdctl}: not compared with {keys:N0} keys, because {obstacle}");
        string[] contenders =
        [
            BenchmarkRun.Module,
            Exact,
            .. obstacle is null ? [Etcdctl] : Array.Empty<string>(),
            Alone,
        ];
        var p99 = new Case($"p99 of 500 writes per second next to it, {keys:N0} keys", "ms", contenders)
        {
            Target = Target.Share(Alone, 1.2, "at most 1.2 times that of the writes alone"),
        };
        var worst = new Case($"slowest of these writes, {keys:N0} keys", "ms", contenders);
        await run.InterleaveAsync(
            run.Rounds(1, 5),
            contenders,
            async (contender, _) =>
            {
                (double[] latencies, string work) = await MeasureTurnAsync(
                    run,
                    cluster,
                    contender switch
                    {
                        Alone => null,
                        Exact => () => module.RunAsync("$null = Get-EtcdSpaceUsage -Exact"),
                        Etcdctl => () => EtcdctlGet.ReadAllAsync(cluster, $"{SpaceUsageData.Root}/", run.Stop),
                        _ => () => module.RunAsync("$null = Get-EtcdSpaceUsage"),
                    }
                );
                p99.Add(contender, latencies[(int)Math.Ceiling(0.99 * latencies.Length) - 1], work);
                worst.Add(contender, latencies[^1], work);
            }
        );
        return [p99, worst];
    }

    /// <summary>The sorted times of the writes, in ms.</summary>
    private static async Task<(double[] Latencies, string Work)> MeasureTurnAsync(
        BenchmarkRun run,
        TestEtcdCluster cluster,
        Func<Task>? next
    )
    {
        TimeSpan window = TimeSpan.FromSeconds(run.Pick(2, 15));
        int writes = (int)(PerSecond * window.TotalSeconds);
        await using PacedWrites load = PacedWrites.Start(cluster, PerSecond, number => $"writer/{number % Keys}");
        // The first writes open connections, and the last ones are due a moment before they start.
        await Task.Delay(Margin, run.Stop);
        Task measured = Task.Delay(window + Margin, run.Stop);
        while (next is not null && !measured.IsCompleted)
            await next();
        await measured;

        int skipped = (int)(PerSecond * Margin.TotalSeconds);
        WriteAttempt[] attempts = [.. (await load.StopAsync()).Skip(skipped).Take(writes)];
        int acknowledged = attempts.Count(a => a.Failure is null);
        return (
            [.. attempts.Select(a => a.Took.TotalMilliseconds).Order()],
            $"{acknowledged} of {attempts.Length} writes acknowledged"
        );
    }
}
