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
            $"each turn has {PerSecond * Window(run).TotalSeconds:N0} writes, "
                + "and one run begins with the first of them",
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
        // The first run of a process also compiles its code.
        await module.GetSpaceUsageAsync();

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
        var during = new Case(
            $"p99 of those of these writes that are due during the run, {keys:N0} keys",
            "ms",
            contenders
        );
        var worst = new Case($"slowest of these writes, {keys:N0} keys", "ms", contenders);
        await run.InterleaveAsync(
            run.Rounds(1, 5),
            contenders,
            async (contender, _) =>
            {
                TurnWrites writes = await MeasureTurnAsync(
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
                p99.Add(contender, P99(writes.All), writes.Work);
                during.Add(contender, P99(writes.During), writes.Work);
                worst.Add(contender, writes.All[^1], writes.Work);
            }
        );
        return [p99, during, worst];
    }

    private static async Task<TurnWrites> MeasureTurnAsync(BenchmarkRun run, TestEtcdCluster cluster, Func<Task>? read)
    {
        TimeSpan window = Window(run);
        await using FixedRateWriters load = FixedRateWriters.Start(
            cluster,
            PerSecond,
            number => $"writer/{number % Keys}"
        );
        // The first writes open connections, and the last ones are due a moment before they start.
        await Task.Delay(Margin, run.Stop);
        DateTimeOffset from = DateTimeOffset.UtcNow;
        Task measured = Task.Delay(window + Margin, run.Stop);
        if (read is not null)
            await read();
        DateTimeOffset to = read is null ? from + window : DateTimeOffset.UtcNow;
        await measured;

        int skipped = (int)(PerSecond * Margin.TotalSeconds);
        int writes = (int)(PerSecond * window.TotalSeconds);
        WriteAttempt[] attempts = [.. (await load.StopAsync()).Skip(skipped).Take(writes)];
        int acknowledged = attempts.Count(a => a.Failure is null);
        return new TurnWrites(
            Sorted(attempts),
            Sorted(attempts.Where(a => a.Started >= from && a.Started < to)),
            $"{acknowledged} of {attempts.Length} writes acknowledged"
        );
    }

    private static TimeSpan Window(BenchmarkRun run) => TimeSpan.FromSeconds(run.Pick(2, 15));

    private static double[] Sorted(IEnumerable<WriteAttempt> attempts) =>
        [.. attempts.Select(a => a.Took.TotalMilliseconds).Order()];

    private static double P99(double[] sorted) => sorted[(int)Math.Ceiling(0.99 * sorted.Length) - 1];

    /// <summary>The writes of a turn.</summary>
    /// <param name="All">Their times in ms, in ascending order.</param>
    /// <param name="During">The times of those that were due while the run was reading.</param>
    /// <param name="Work">How many were acknowledged.</param>
    private sealed record TurnWrites(double[] All, double[] During, string Work);
}
