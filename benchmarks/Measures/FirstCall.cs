using System.Diagnostics;
using System.Globalization;
using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>
/// How long a user with a new shell waits: import and first status, each in a new process, and whole processes that
/// connect through Kubernetes.
/// </summary>
internal sealed class FirstCall : IMeasure
{
    private const string EmptyModule = "an empty binary module";

    private const string Etcdctl = "etcdctl, whole process";

    public string Name => "first-call";

    public string Question =>
        "How long do Import-Module and the first Get-EtcdMemberStatus take in a new process, over mutual TLS and "
        + "through the Kubernetes API?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        await using TestEtcdCluster cluster = await run.StartClusterAsync(3);
        var import = new Case("Import-Module in a new process", "ms", BenchmarkRun.Module, EmptyModule)
        {
            Target = new Target(
                "< 50 ms more than the empty module",
                c => c.Module.Spread?.Median - c.Series[1].Spread?.Median < 50
            ),
        };
        var call = new Case("first Get-EtcdMemberStatus, 3 members, TLS", "ms", BenchmarkRun.Module, Etcdctl)
        {
            Target = Target.AtMost(300, "< 300 ms"),
        };
        await run.InterleaveAsync(
            run.Rounds(2, 11),
            [BenchmarkRun.Module, EmptyModule, Etcdctl],
            async (contender, _) =>
            {
                switch (contender)
                {
                    case BenchmarkRun.Module:
                        string[] said = await ImportAsync(run, cluster, ModuleFiles.Manifest, call: true);
                        import.Add(contender, Milliseconds(said[0]), "imported");
                        call.Add(contender, Milliseconds(said[1]), Work.Members(said[2].Split(',')));
                        break;
                    case EmptyModule:
                        import.Add(
                            contender,
                            Milliseconds((await ImportAsync(run, cluster, ModuleFiles.EmptyModule, call: false))[0]),
                            "imported"
                        );
                        break;
                    default:
                        ToolRun etcdctl = await cluster.RunEtcdctlAsync(["endpoint", "status", "-w", "json"], run.Stop);
                        call.Add(
                            contender,
                            etcdctl.Elapsed.TotalMilliseconds,
                            Work.Members(RealCluster.Read(etcdctl.OutputOrThrow()).Select(m => m.Id))
                        );
                        break;
                }
            }
        );
        (IReadOnlyList<Case> pods, string about) = await ColdPods.MeasureAsync(run, cluster);
        return new MeasureResult(Name, [import, call, .. pods])
        {
            Notes =
            [
                about,
                "the whole processes through Kubernetes use the test API server on this machine, which has no latency",
            ],
        };
    }

    private static async Task<string[]> ImportAsync(BenchmarkRun run, TestEtcdCluster cluster, string module, bool call)
    {
        ProcessStartInfo start = run.Shell.Start(
            "first-call.ps1",
            new Dictionary<string, string>(cluster.ConnectionEnvironment)
            {
                ["BENCHMARK_MODULE"] = module,
                ["BENCHMARK_CALLS"] = call ? "1" : "",
            }
        );
        ToolRun shell = await Tool.RunAsync(start, watchMemory: false, run.Stop);
        return shell
            .OutputOrThrow()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static double Milliseconds(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
