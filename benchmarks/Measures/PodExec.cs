using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Results;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>Status through pods against a loop of <c>kubectl exec</c>.</summary>
internal sealed class PodExec : IMeasure
{
    public string Name => "pod-exec";

    public string Question => "How long does the status of 10 pods take through the Kubernetes API?";

    public Task<MeasureResult> RunAsync(BenchmarkRun run) => Task.FromResult(MeasureResult.Skip(
        Name,
        Tool.Find("kubectl") is null ? "kubectl is not on PATH" : "there is no API server with etcd pods to run it against"));
}
