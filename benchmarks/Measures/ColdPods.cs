using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>
/// A whole PowerShell process that connects through Kubernetes and shows the status of 3 pods, compared with an empty
/// PowerShell process and the runbook's loop of <c>kubectl exec</c>.
/// </summary>
internal static class ColdPods
{
    private const int Pods = 3;

    private const string Empty = "an empty PowerShell process";

    private static readonly (string Access, double Share, string Other)[] Accesses =
    [
        ("Exec", 1, $"{Empty} and the loop"),
        ("PortForward", 0.5, $"{Empty} and half of the loop"),
    ];

    public static async Task<(IReadOnlyList<Case> Cases, string About)> MeasureAsync(
        BenchmarkRun run,
        TestEtcdCluster cluster
    )
    {
        await using PodServer server = await PodServer.StartAsync(cluster);
        (KubectlLoop? loop, string about) = await KubectlLoop.FindAsync(server, run.Stop);
        var empty = new List<Sample>();
        var loops = new List<Sample>();
        var modules = Accesses.ToDictionary(a => a.Access, _ => new List<Sample>());
        await run.InterleaveAsync(
            run.Rounds(2, 11),
            [.. Accesses.Select(a => a.Access), Empty, .. loop is null ? Array.Empty<string>() : [KubectlLoop.Name]],
            async (turn, _) =>
            {
                switch (turn)
                {
                    case Empty:
                        empty.Add(await RunAsync(run, ""));
                        break;
                    case KubectlLoop.Name:
                        (TimeSpan took, IEnumerable<string> ids) = await loop!.RunAsync(server, run.Stop);
                        loops.Add(new Sample(took.TotalMilliseconds, Work.Members(ids)));
                        break;
                    default:
                        modules[turn]
                            .Add(
                                await RunAsync(
                                    run,
                                    $"{ModuleFiles.ImportScript}; $null = {server.ConnectScript(turn)}; "
                                        + "(Get-EtcdMemberStatus).ForEach{ $_.MemberId }"
                                )
                            );
                        break;
                }
            }
        );

        var alone = new Case("whole process: PowerShell without a module", "ms", Empty);
        foreach (Sample sample in empty)
            alone.Add(Empty, sample.Value, "started");
        var cases = new List<Case>();
        foreach ((string access, double share, string other) in Accesses)
        {
            var measured = new Case(
                $"whole process: connect and status of {Pods} pods, -Access {access}",
                "ms",
                [BenchmarkRun.Module, .. loop is null ? Array.Empty<string>() : [other]]
            )
            {
                Target = Target.Share(other, 1, $"no more than {other}"),
            };
            foreach (Sample sample in modules[access])
                measured.Add(BenchmarkRun.Module, sample.Value, sample.Work);
            foreach ((Sample process, Sample its) in empty.Zip(loops))
                measured.Add(other, process.Value + share * its.Value, its.Work);
            cases.Add(measured);
        }
        return ([.. cases, alone], about);
    }

    private static async Task<Sample> RunAsync(BenchmarkRun run, string script)
    {
        ToolRun process = await Tool.RunAsync(
            run.Shell.Start("run-script.ps1", new Dictionary<string, string> { ["BENCHMARK_SCRIPT"] = script }),
            watchMemory: false,
            run.Stop
        );
        return new Sample(
            process.Elapsed.TotalMilliseconds,
            Work.Members(process.OutputOrThrow().Split('\n', StringSplitOptions.TrimEntries))
        );
    }
}
