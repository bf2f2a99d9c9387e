using System.Diagnostics;
using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>
/// Status through pods, with both kinds of access, compared with the runbook's loop of <c>kubectl exec</c>.
/// </summary>
internal sealed class PodExec : IMeasure
{
    private const string Loop = "a serial loop of kubectl exec";

    private static readonly string[] Accesses = ["Exec", "PortForward"];

    public string Name => "pod-exec";

    public string Question => "How long does the status of 10 etcd pods take through the Kubernetes API?";

    public async Task<MeasureResult> RunAsync(BenchmarkRun run)
    {
        int pods = run.Pick(3, 10);
        await using TestEtcdCluster cluster = await run.StartClusterAsync(pods);
        await using PodServer server = await PodServer.StartAsync(cluster);
        await using ModuleProcess module = await run.StartModuleAsync();
        foreach (string access in Accesses)
        {
            await module.RunAsync($"${access} = {server.ConnectScript(access)}");
            for (int i = 0; i < 3; i++)
                await AskModuleAsync(module, access);
        }
        (string? kubectl, string about) = await FindKubectlAsync(run, server);

        string[] loop = kubectl is null ? [] : [Loop];
        Case[] cases =
        [
            .. Accesses.Select(access => new Case(
                $"status of {pods} pods, -Access {access}, warm",
                "ms",
                [BenchmarkRun.Module, .. loop]
            )
            {
                Target = pods == 10 ? Target.Share(Loop, 0.2, "< 20 % of the loop") : null,
            }),
        ];
        await run.InterleaveAsync(
            run.Rounds(2, 9),
            [.. Accesses, .. loop],
            async (turn, _) =>
            {
                if (turn != Loop)
                {
                    ScriptRun script = await AskModuleAsync(module, turn);
                    cases[Array.IndexOf(Accesses, turn)]
                        .Add(BenchmarkRun.Module, script.Elapsed.TotalMilliseconds, Work.Members(script.Rows));
                    return;
                }
                (TimeSpan took, IEnumerable<string> ids) = await LoopAsync(kubectl!, server, run.Stop);
                foreach (Case measured in cases)
                    measured.Add(Loop, took.TotalMilliseconds, Work.Members(ids));
            }
        );
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

    private static Task<ScriptRun> AskModuleAsync(ModuleProcess module, string access) =>
        module.RunAsync($"(Get-EtcdMemberStatus -Connection ${access}).ForEach{{ $_.MemberId }}");

    private static async Task<(TimeSpan, IEnumerable<string>)> LoopAsync(
        string kubectl,
        PodServer server,
        CancellationToken stop
    )
    {
        var ids = new List<string>();
        var watch = Stopwatch.StartNew();
        foreach (FakePod pod in server.Pods)
            ids.AddRange(
                RealCluster.Read((await server.KubectlExecAsync(kubectl, pod, stop)).OutputOrThrow()).Select(m => m.Id)
            );
        return (watch.Elapsed, ids);
    }

    /// <summary>
    /// The kubectl to compare with, after its first call to the server, or null; and notes for the reader.
    /// </summary>
    private static async Task<(string? Path, string About)> FindKubectlAsync(BenchmarkRun run, PodServer server)
    {
        if (Tool.Find("kubectl") is not { } kubectl)
            return (null, "kubectl is not on PATH, so it has no row");

        ToolRun version = await Tool.RunAsync(kubectl, ["version", "--client", "-o", "yaml"], stop: run.Stop);
        string name =
            "kubectl "
            + version
                .OutputOrThrow()
                .Split('\n')
                .First(l => l.Contains("gitVersion:", StringComparison.Ordinal))
                .Split(':')[1]
                .Trim();
        ToolRun first = await server.KubectlExecAsync(kubectl, server.Pods[0], run.Stop);
        if (first.ExitCode != 0 && first.Errors.Contains("Upgrade request required", StringComparison.Ordinal))
            return (
                null,
                $"{name} has no row: it speaks SPDY, the test API server WebSockets only, as kubectl does from 1.30 on"
            );

        first.OutputOrThrow();
        return (kubectl, $"the loop runs {name}");
    }
}
