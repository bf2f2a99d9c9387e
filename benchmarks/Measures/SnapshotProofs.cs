using System.Globalization;
using System.Text.Json;
using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Load;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>
/// The time to read a whole snapshot, and the time that a proof adds to the save. etcdutl does not read the checksum,
/// so a program that does follows it in one case.
/// </summary>
internal sealed class SnapshotProofs : IMeasure
{
    private const string Etcdutl = "etcdutl snapshot status";
    private const string WithChecksum = "etcdutl and openssl dgst";
    private const string WithoutProof = "without -Prove";

    public string Name => "snapshot-proof";

    public string Question => "How long does it take to check a snapshot, and how much does -Prove add to the save?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        long bytes = run.Pick(20_000_000L, 1_000_000_000L);
        await using TestEtcdCluster cluster = await run.StartClusterAsync(1, quota: 4L << 30);
        await using ModuleProcess module = await run.StartModuleAsync();
        await cluster.Loader.LoadAsync(bytes, 0, valueBytes: 10_000, cancellation: run.Stop);
        await module.RunAsync(cluster.ConnectScript());
        string file = Path.Combine(cluster.FolderPath, "snapshot.db");
        await module.RunAsync($"$null = Save-EtcdSnapshot {ModuleFiles.Quote(file)} -Prove");
        return new MeasureResult(
            Name,
            [await SaveAsync(run, cluster, module, file, bytes), await CheckAsync(run, cluster, module, file, bytes)]
        );
    }

    private static async Task<Case> SaveAsync(
        BenchmarkRun run,
        TestEtcdCluster cluster,
        ModuleProcess module,
        string file,
        long bytes
    )
    {
        var measured = new Case(
            $"save and prove {bytes / 1_000_000:N0} MB, TLS",
            "s",
            BenchmarkRun.Module,
            WithoutProof
        )
        {
            Target = Target.Share(WithoutProof, 2, "-Prove adds less time than the save takes"),
        };
        await run.InterleaveAsync(
            run.Rounds(2, 9),
            [BenchmarkRun.Module, WithoutProof],
            async (contender, _) =>
            {
                File.Delete(file);
                WarmMemory.Use(3 * bytes);
                WarmMemory.UseForFile(Path.Combine(cluster.FolderPath, "warm"), 2 * bytes);
                string prove = contender == BenchmarkRun.Module ? "-Prove" : "";
                ScriptRun took = await module.RunAsync(
                    $"$null = Save-EtcdSnapshot {ModuleFiles.Quote(file)} {prove} -ErrorAction Stop"
                );
                measured.Add(contender, took.Elapsed.TotalSeconds, $"a file of {new FileInfo(file).Length} bytes");
            }
        );
        return measured;
    }

    private static async Task<Case> CheckAsync(
        BenchmarkRun run,
        TestEtcdCluster cluster,
        ModuleProcess module,
        string file,
        long bytes
    )
    {
        var measured = new Case(
            $"check a snapshot of {bytes / 1_000_000:N0} MB",
            "s",
            BenchmarkRun.Module,
            Etcdutl,
            WithChecksum
        )
        {
            Target = Target.Share(Etcdutl, 1, "at least as fast as etcdutl"),
        };
        await run.InterleaveAsync(
            run.Rounds(2, 9),
            [BenchmarkRun.Module, Etcdutl, WithChecksum],
            async (contender, _) =>
            {
                (TimeSpan took, string revision) =
                    contender == BenchmarkRun.Module
                        ? await TestAsync(module, file)
                        : await StatusAsync(cluster, file, contender == WithChecksum, run.Stop);
                measured.Add(contender, took.TotalSeconds, $"revision {revision}");
            }
        );
        return measured;
    }

    private static async Task<(TimeSpan Took, string Revision)> TestAsync(ModuleProcess module, string file)
    {
        ScriptRun run = await module.RunAsync(
            $"$report = Test-EtcdSnapshot {ModuleFiles.Quote(file)} -Connection $null"
        );
        ScriptRun said = await module.RunAsync("if ($report.IsValid) { $report.Revision }");
        return (run.Elapsed, string.Concat(said.Rows));
    }

    /// <param name="cluster">The cluster whose release has the tool.</param>
    /// <param name="file">The snapshot.</param>
    /// <param name="sums">Whether to compute the SHA-256 too, which etcdutl does not read.</param>
    /// <param name="stop">Ends the tool.</param>
    private static async Task<(TimeSpan Took, string Revision)> StatusAsync(
        TestEtcdCluster cluster,
        string file,
        bool sums,
        CancellationToken stop
    )
    {
        ToolRun tool = await Tool.RunAsync(
            cluster.Binaries.SnapshotTool,
            ["snapshot", "status", file, "-w", "json"],
            stop: stop
        );
        using JsonDocument json = JsonDocument.Parse(tool.OutputOrThrow());
        long revision = json.RootElement.GetProperty("revision").GetInt64();
        TimeSpan took = tool.Elapsed;
        if (sums)
        {
            // Unlike the sha256sum of some distributions, OpenSSL uses the instructions of the processor for SHA-256.
            ToolRun sum = await Tool.RunAsync("openssl", ["dgst", "-sha256", file], stop: stop);
            sum.OutputOrThrow();
            took += sum.Elapsed;
        }
        return (took, revision.ToString(CultureInfo.InvariantCulture));
    }
}
