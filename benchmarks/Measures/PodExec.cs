using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>
/// Status through pods, with both kinds of access, compared with the runbook's loop of <c>kubectl exec</c>.
/// </summary>
internal sealed class PodExec : IMeasure
{
    private static readonly string[] Accesses = ["Exec", "PortForward"];

    public string Name => "pod-exec";

    public string Question => "How long does the status of 3 and 10 etcd pods take through the Kubernetes API?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        await using ModuleProcess module = await run.StartModuleAsync();
        var cases = new List<Case>();
        string about = "";
        foreach (int pods in run.Pick<int[]>([3], [3, 10]))
        {
            (IEnumerable<Case> measured, about) = await MeasureAsync(run, module, pods);
            cases.AddRange(measured);
        }
        return new MeasureResult(Name, cases)
        {
            Notes =
            [
                about,
                "the pods are the members of one real cluster behind the test API server on this machine; "
                    + "a real server adds its latency to every call, and the loop waits for one pod after the other",
            ],
        };
    }

    private static async Task<(IEnumerable<Case>, string About)> MeasureAsync(
        BenchmarkRun run,
        ModuleProcess module,
        int pods
    )
    {
        await using TestEtcdCluster cluster = await run.StartClusterAsync(pods);
        await using PodServer server = await PodServer.StartAsync(cluster);
        foreach (string access in Accesses)
        {
            await module.RunAsync($"${access} = {server.ConnectScript(access)}");
            for (int i = 0; i < 3; i++)
                await AskModuleAsync(module, access);
        }
        (KubectlLoop? loop, string about) = await KubectlLoop.FindAsync(server, run.Stop);

        string[] others = loop is null ? [] : [KubectlLoop.Name];
        Case[] cases =
        [
            .. Accesses.Select(access => new Case(
                $"status of {pods} pods, -Access {access}, warm",
                "ms",
                [BenchmarkRun.Module, .. others]
            )
            {
                Target =
                    pods == 10 ? Target.Share(KubectlLoop.Name, 0.2, "< 20 % of the loop")
                    : access == "Exec" ? Target.Share(KubectlLoop.Name, 0.4, "< 40 % of the loop")
                    : null,
            }),
        ];
        await run.InterleaveAsync(
            run.Rounds(2, 9),
            [.. Accesses, .. others],
            async (turn, _) =>
            {
                if (turn != KubectlLoop.Name)
                {
                    ScriptRun script = await AskModuleAsync(module, turn);
                    cases[Array.IndexOf(Accesses, turn)]
                        .Add(BenchmarkRun.Module, script.Elapsed.TotalMilliseconds, Work.Members(script.Rows));
                    return;
                }
                (TimeSpan took, IEnumerable<string> ids) = await loop!.RunAsync(server, run.Stop);
                foreach (Case measured in cases)
                    measured.Add(KubectlLoop.Name, took.TotalMilliseconds, Work.Members(ids));
            }
        );
        return (cases, about);
    }

    private static Task<ScriptRun> AskModuleAsync(ModuleProcess module, string access) =>
        module.RunAsync($"(Get-EtcdMemberStatus -Connection ${access}).ForEach{{ $_.MemberId }}");
}
