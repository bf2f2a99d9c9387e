using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// How long etcd may be unavailable before the kubelet restarts it. In the worst case, a probe starts at the same time
/// as the pause. A probe fails after its timeout, and the kubelet restarts the container after as many consecutive
/// failures as the threshold. Source: kubernetes/kubernetes, pkg/kubelet/prober/worker.go.
/// </summary>
internal static class ProbeBudget
{
    // The API server sets these defaults. Static pods of old kubelets may lack them.
    private const int DefaultPeriod = 10;
    private const int DefaultTimeout = 1;
    private const int DefaultFailures = 3;

    /// <summary>Longer than any defragmentation.</summary>
    private static readonly TimeSpan LongestBudget = TimeSpan.FromDays(365);

    /// <summary>Returns null if no probe depends on an operation that a defragmentation blocks.</summary>
    public static TimeSpan? Read(V1Container container, bool isStarted)
    {
        // The liveness probe does not run until the startup probe has succeeded.
        V1Probe? probe = isStarted ? container.LivenessProbe : container.StartupProbe ?? container.LivenessProbe;

        // During a defragmentation, the port stays open and the gRPC health service continues to serve.
        if (probe is null || (probe.HttpGet is null && probe.Exec is null))
            return null;
        int timeout = probe.TimeoutSeconds ?? DefaultTimeout;
        int interval = Math.Max(probe.PeriodSeconds ?? DefaultPeriod, timeout);
        int failures = probe.FailureThreshold ?? DefaultFailures;
        double seconds = (failures - 1.0) * interval + timeout;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestBudget.TotalSeconds));
    }
}
