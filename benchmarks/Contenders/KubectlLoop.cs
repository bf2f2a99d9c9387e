using System.Diagnostics;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>The runbook's loop: <c>kubectl exec</c> into one pod after the other.</summary>
internal sealed class KubectlLoop
{
    public const string Name = "a serial loop of kubectl exec";

    private readonly string _kubectl;

    private KubectlLoop(string kubectl, string about) => (_kubectl, About) = (kubectl, about);

    /// <summary>The release, for the reader of the table.</summary>
    public string About { get; }

    /// <summary>
    /// Returns the loop after its first call to the server, or null and the reason why there is none.
    /// </summary>
    public static async Task<(KubectlLoop? Loop, string About)> FindAsync(PodServer server, CancellationToken stop)
    {
        if (Tool.Find("kubectl") is not { } kubectl)
            return (null, "kubectl is not on PATH, so it has no row");

        ToolRun version = await Tool.RunAsync(kubectl, ["version", "--client", "-o", "yaml"], stop: stop);
        string name =
            "kubectl "
            + version
                .OutputOrThrow()
                .Split('\n')
                .First(l => l.Contains("gitVersion:", StringComparison.Ordinal))
                .Split(':')[1]
                .Trim();
        ToolRun first = await server.KubectlExecAsync(kubectl, server.Pods[0], stop);
        if (first.ExitCode != 0 && first.Errors.Contains("Upgrade request required", StringComparison.Ordinal))
            return (
                null,
                $"{name} has no row: it speaks SPDY, the test API server WebSockets only, as kubectl does from 1.30 on"
            );

        first.OutputOrThrow();
        var loop = new KubectlLoop(kubectl, $"the loop runs {name}");
        return (loop, loop.About);
    }

    /// <summary>Reads the status of each pod, and returns the IDs of the members.</summary>
    public async Task<(TimeSpan Took, IEnumerable<string> Ids)> RunAsync(PodServer server, CancellationToken stop)
    {
        var ids = new List<string>();
        var watch = Stopwatch.StartNew();
        foreach (FakePod pod in server.Pods)
            ids.AddRange(
                RealCluster.Read((await server.KubectlExecAsync(_kubectl, pod, stop)).OutputOrThrow()).Select(m => m.Id)
            );
        return (watch.Elapsed, ids);
    }
}
