using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>Reads the current run of the etcd container from the status of its pod.</summary>
internal static class PodRun
{
    /// <summary>Returns null if the kubelet has not reported the container yet.</summary>
    public static ProcessRun? Read(V1Pod pod, string container)
    {
        V1ContainerStatus? status = pod.Status?.ContainerStatuses?.FirstOrDefault(s => s?.Name == container);
        return status is null
            ? null
            : new ProcessRun(
                pod.Metadata?.Uid ?? "",
                string.IsNullOrEmpty(status.ContainerID) ? null : status.ContainerID,
                status.RestartCount,
                status.State?.Running?.StartedAt ?? status.State?.Terminated?.StartedAt
            );
    }
}
