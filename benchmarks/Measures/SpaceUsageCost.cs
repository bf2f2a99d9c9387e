using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Load;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>The time, network and memory that it takes to tell what fills a database.</summary>
internal sealed class SpaceUsageCost : IMeasure
{
    private const string Data = "all keys and values";

    private const double MB = 1e6;

    /// <summary>The targets apply from this number of keys on. With fewer, fixed costs decide.</summary>
    private const int KeysOfTargets = 250_000;

    public string Name => "space";

    public string Question => "What does it cost to tell what fills a database of 25,000 and 250,000 keys?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        var cases = new List<Case>();
        var notes = new List<string>();
        int[] sizes = run.IsLong
            ? [25_000, KeysOfTargets, 1_000_000]
            : run.Pick<int[]>([5_000], [25_000, KeysOfTargets]);
        foreach (int keys in sizes)
            cases.AddRange(await MeasureAsync(run, keys, notes));
        notes.Add("sent bytes are those of the members' own metrics, for all gRPC calls, before TLS");
        notes.Add("memory is the peak resident memory of a new process (VmHWM), including PowerShell");
        return new MeasureResult(Name, cases) { Notes = notes };
    }

    private static async Task<IEnumerable<Case>> MeasureAsync(BenchmarkRun run, int keys, List<string> notes)
    {
        KubernetesObjects objects = SpaceUsageData.Objects(keys);
        await using TestEtcdCluster cluster = await SpaceUsageData.StartAsync(run, objects);
        await using ModuleProcess module = await run.StartModuleAsync();
        await module.RunAsync(cluster.ConnectScript());
        await module.GetSpaceUsageAsync("-CountOnly");
        WarmMemory.Use(3 * objects.Bytes);
        return
        [
            await CountAsync(run, cluster, module, keys),
            .. await EstimateAsync(run, cluster, module, objects, notes),
            await MemoryAsync(run, cluster, keys, "the default run", ""),
            await MemoryAsync(run, cluster, keys, "-Exact", "-Exact"),
        ];
    }

    private static async Task<Case> CountAsync(
        BenchmarkRun run,
        TestEtcdCluster cluster,
        ModuleProcess module,
        int keys
    )
    {
        // From 3.7 on, etcd reads keys without their values.
        Target target =
            run.Etcd.Version >= new Version(3, 7)
                ? Target.Share(EtcdctlGet.KeysOnly, 0.05, "< 5 % of etcdctl")
                : Target.Share(EtcdctlGet.KeysOnly, 0.2, "< 20 % of etcdctl");
        var counts = new Case(
            $"counts of all resources and namespaces, {keys:N0} keys",
            "s",
            BenchmarkRun.Module,
            EtcdctlGet.KeysOnly
        )
        {
            Target = TargetAt(keys, target),
        };
        await run.InterleaveAsync(
            run.Rounds(2, 9),
            [BenchmarkRun.Module, EtcdctlGet.KeysOnly],
            async (contender, _) =>
            {
                (TimeSpan took, long found) = await TurnAsync(
                    contender,
                    module,
                    "-CountOnly",
                    () => EtcdctlGet.ListKeysAsync(cluster, $"{SpaceUsageData.Root}/", run.Stop)
                );
                counts.Add(contender, took.TotalSeconds, SpaceUsageData.Work(found));
            }
        );
        return counts;
    }

    private static async Task<Case[]> EstimateAsync(
        BenchmarkRun run,
        TestEtcdCluster cluster,
        ModuleProcess module,
        KubernetesObjects objects,
        List<string> notes
    )
    {
        int keys = objects.Options.Keys;
        bool isCountable = true;
        void Exclude(string reason)
        {
            notes.Add($"{EtcdctlGet.CountedByJq}: not compared with {keys:N0} keys, because {reason}");
            isCountable = false;
        }
        if (EtcdctlGet.WhyNotCountable(objects.Bytes) is { } obstacle)
            Exclude(obstacle);
        string[] contenders = isCountable ? [BenchmarkRun.Module, EtcdctlGet.CountedByJq] : [BenchmarkRun.Module];
        var time = new Case($"keys and estimated bytes of everything, {keys:N0} keys", "s", contenders)
        {
            Target = TargetAt(keys, Target.Share(EtcdctlGet.CountedByJq, 0.05, "< 5 % of etcdctl and jq")),
        };
        var sent = new Case($"sent by the members for that, {keys:N0} keys", "MB", [.. contenders, Data])
        {
            Target = TargetAt(keys, Target.Share(Data, 0.02, "< 2 % of the data")),
        };
        await run.InterleaveAsync(
            run.Rounds(2, 5),
            contenders,
            async (contender, _) =>
            {
                if (contender == EtcdctlGet.CountedByJq && !isCountable)
                    return;
                double before = await SentBytes.ReadAsync(cluster, run.Stop);
                try
                {
                    (TimeSpan took, long found) = await TurnAsync(
                        contender,
                        module,
                        "",
                        () => EtcdctlGet.CountWithJqAsync(cluster, $"{SpaceUsageData.Root}/", run.Stop)
                    );
                    string work = SpaceUsageData.Work(found);
                    time.Add(contender, took.TotalSeconds, work);
                    sent.Add(contender, (await SentBytes.ReadAsync(cluster, run.Stop) - before) / MB, work);
                    if (contender == BenchmarkRun.Module)
                        sent.Add(Data, objects.Bytes / MB, SpaceUsageData.Work(keys));
                }
                catch (InvalidOperationException error) when (contender == EtcdctlGet.CountedByJq)
                {
                    // A program that ends without memory must not end the measure.
                    Exclude(error.Message);
                }
            }
        );
        return [time, sent];
    }

    private static async Task<Case> MemoryAsync(
        BenchmarkRun run,
        TestEtcdCluster cluster,
        int keys,
        string what,
        string parameters
    )
    {
        var memory = new Case($"peak memory of {what}, {keys:N0} keys", "MB", BenchmarkRun.Module)
        {
            Target = Target.AtMost(200, "< 200 MB"),
        };
        for (int round = 0; round < run.Rounds(1, 3); round++)
        {
            await using ModuleProcess module = await run.StartModuleAsync();
            await module.RunAsync($"{cluster.ConnectScript()}; $usage = @(Get-EtcdSpaceUsage {parameters})");
            long peak =
                module.PeakBytes
                ?? throw new PlatformNotSupportedException("This system does not report the peak memory of a process.");
            ScriptRun found = await module.RunAsync(
                "$keys = 0; foreach ($row in $usage) { $keys += $row.KeyCount }; $keys"
            );
            memory.Add(BenchmarkRun.Module, peak / MB, $"{found.Rows[0]} keys");
        }
        return memory;
    }

    private static async Task<(TimeSpan Took, long Keys)> TurnAsync(
        string contender,
        ModuleProcess module,
        string parameters,
        Func<Task<(TimeSpan Took, int Keys)>> other
    )
    {
        if (contender != BenchmarkRun.Module)
            return await other();
        (TimeSpan took, IReadOnlyList<SpaceUsageRow> rows) = await module.GetSpaceUsageAsync(parameters);
        return (took, SpaceUsageData.KeysOf(rows));
    }

    private static Target? TargetAt(int keys, Target target) => keys >= KeysOfTargets ? target : null;
}
