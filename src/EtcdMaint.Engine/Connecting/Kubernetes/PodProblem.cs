using k8s.Models;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>Puts into words what is wrong with a pod.</summary>
internal static class PodProblem
{
    private static readonly TimeSpan Recently = TimeSpan.FromHours(1);

    public static string? Find(V1Pod pod, V1ContainerStatus? status)
    {
        if (pod.Metadata.DeletionTimestamp is not null)
            return "is being deleted";
        if (status?.State?.Waiting is { } waiting)
            return $"waits ({waiting.Reason}{After(waiting.Message)}), restarted {status.RestartCount} times";
        if (status?.State?.Terminated is { } ended)
            return $"has ended with {ended.ExitCode} ({ended.Reason})";
        if (status?.State?.Running is not { } running)
            return $"is {pod.Status?.Phase ?? "of unknown phase"}";
        if (!status.Ready)
            return $"is not ready, restarted {status.RestartCount} times";
        return status.RestartCount > 0 && running.StartedAt is { } since && DateTime.UtcNow - since < Recently
            ? $"was restarted at {since:u} (for the {status.RestartCount}. time)"
            : null;
    }

    private static string After(string? message) => string.IsNullOrEmpty(message) ? "" : $": {message}";
}
