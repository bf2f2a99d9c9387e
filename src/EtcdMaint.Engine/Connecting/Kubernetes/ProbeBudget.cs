using k8s.Models;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// How long etcd may stand still before the kubelet kills it. At worst a probe begins just as the pause does; it fails
/// when its time is over, and as many must fail in a row as the threshold says.
/// Source: kubernetes/kubernetes, pkg/kubelet/prober/worker.go.
/// </summary>
internal static class ProbeBudget
{
    // The API server fills these in; static pods of old kubelets may lack them.
    private const int DefaultPeriod = 10;
    private const int DefaultTimeout = 1;
    private const int DefaultFailures = 3;

    /// <summary>Longer than any defragmentation.</summary>
    private static readonly TimeSpan LongestBudget = TimeSpan.FromDays(365);

    /// <summary>Null when no probe looks at what a defragmentation blocks.</summary>
    public static TimeSpan? Read(V1Container container, bool isStarted)
    {
        // Until the startup probe has succeeded the liveness probe does not run.
        V1Probe? probe = isStarted ? container.LivenessProbe : container.StartupProbe ?? container.LivenessProbe;

        // The port stays open, and the gRPC health service goes on serving, during a defragmentation.
        if (probe is null || (probe.HttpGet is null && probe.Exec is null))
            return null;
        int timeout = probe.TimeoutSeconds ?? DefaultTimeout;
        int interval = Math.Max(probe.PeriodSeconds ?? DefaultPeriod, timeout);
        int failures = probe.FailureThreshold ?? DefaultFailures;
        double seconds = (failures - 1.0) * interval + timeout;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestBudget.TotalSeconds));
    }
}
