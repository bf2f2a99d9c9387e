using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>Describes the problem of a pod.</summary>
internal static class PodProblem
{
    private static readonly TimeSpan Recently = TimeSpan.FromHours(1);

    public static string? Find(V1Pod pod, V1ContainerStatus? status)
    {
        if (pod.Metadata.DeletionTimestamp is not null)
            return "is being deleted";
        if (status?.State?.Waiting is { } waiting)
            return $"is waiting ({waiting.Reason}{After(waiting.Message)}), restart count {status.RestartCount}";
        if (status?.State?.Terminated is { } ended)
            return $"has ended with exit code {ended.ExitCode} ({ended.Reason})";
        if (status?.State?.Running is not { } running)
            return $"is {pod.Status?.Phase ?? "in an unknown phase"}";
        if (!status.Ready)
            return $"is not ready, restart count {status.RestartCount}";
        return status.RestartCount > 0 && running.StartedAt is { } since && DateTime.UtcNow - since < Recently
            ? $"was restarted at {since:u} (restart count {status.RestartCount})"
            : null;
    }

    private static string After(string? message) => string.IsNullOrEmpty(message) ? "" : $": {message}";
}
