using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Load;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>The time until a verified snapshot is on disk.</summary>
internal sealed class Snapshots : IMeasure
{
    private const string Etcdctl = "etcdctl snapshot save";

    public string Name => "snapshot";

    public string Question => "How long does a snapshot take from the first byte to a verified file?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        long bytes = run.Pick(20_000_000L, 500_000_000L);
        await using TestEtcdCluster cluster = await run.StartClusterAsync(1, quota: 4L << 30);
        await using ModuleProcess module = await run.StartModuleAsync();
        await cluster.Loader.LoadAsync(bytes, 0, valueBytes: 50_000, cancellation: run.Stop);
        await module.RunAsync(cluster.ConnectScript());
        await module.RunAsync("$null = Get-EtcdMemberStatus");

        string file = Path.Combine(cluster.FolderPath, "snapshot.db");
        var measured = new Case($"snapshot of {bytes / 1_000_000:N0} MB, TLS", "s", BenchmarkRun.Module, Etcdctl)
        {
            Target = Target.Share(Etcdctl, 1, "at least as fast as etcdctl"),
        };
        await run.InterleaveAsync(
            run.Rounds(2, 9),
            [BenchmarkRun.Module, Etcdctl],
            async (contender, _) =>
            {
                File.Delete(file);
                WarmMemory.Use(3 * bytes);
                WarmMemory.UseForFile(Path.Combine(cluster.FolderPath, "warm"), 2 * bytes);
                TimeSpan took =
                    contender == BenchmarkRun.Module
                        ? (await module.RunAsync($"$null = Save-EtcdSnapshot {ModuleFiles.Quote(file)}")).Elapsed
                        : await SaveAsync(run, cluster, file);
                measured.Add(contender, took.TotalSeconds, $"a file of {new FileInfo(file).Length} bytes");
            }
        );
        return new MeasureResult(Name, [measured]);
    }

    private static async Task<TimeSpan> SaveAsync(BenchmarkRun run, TestEtcdCluster cluster, string file)
    {
        ToolRun tool = await cluster.RunEtcdctlAsync(["snapshot", "save", file, "--command-timeout", "120s"], run.Stop);
        tool.OutputOrThrow();
        return tool.Elapsed;
    }
}
