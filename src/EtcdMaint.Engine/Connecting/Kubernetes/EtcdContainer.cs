using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>Finds the container of a pod in which etcd runs.</summary>
internal static class EtcdContainer
{
    private const string UsualName = "etcd";

    /// <summary>Whether one of the containers runs etcd according to its spec or to the specified name.</summary>
    public static bool IsIn(V1Pod pod, KubernetesConnectRequest request) =>
        IsNamedIn(pod, request) || pod.Spec.Containers.Any(c => c.Name == UsualName || PodCommand.RunsEtcd(c));

    public static bool IsNamedIn(V1Pod pod, KubernetesConnectRequest request) =>
        request.Container is { } named && pod.Spec.Containers.Any(c => c.Name == named);

    /// <summary>Returns null if no container can be identified.</summary>
    public static V1Container? Find(V1Pod pod, EtcdLayout layout, KubernetesConnectRequest request)
    {
        IList<V1Container> all = pod.Spec.Containers;
        if (request.Container is { } named)
            return all.FirstOrDefault(c => c.Name == named);
        return all.FirstOrDefault(c => c.Name == layout.Container)
            ?? all.FirstOrDefault(c => c.Name == UsualName)
            ?? all.FirstOrDefault(PodCommand.RunsEtcd)
            ?? (
                request.PodName.Count > 0 || request.LabelSelector is not null
                    ? FindLikeliest(all, request.ClientPort ?? layout.ClientPort)
                    : null
            );
    }

    /// <summary>In a pod that the user selected by name or label, a launcher may hide which program it runs.</summary>
    private static V1Container? FindLikeliest(IList<V1Container> all, int port) =>
        Only(all)
        ?? Only(all.Where(c => (c.Ports ?? []).Any(p => p?.ContainerPort == port)))
        ?? Only(all.Where(c => c.Name.Contains(UsualName, StringComparison.Ordinal)));

    private static V1Container? Only(IEnumerable<V1Container> containers) =>
        containers.Take(2).ToArray() is [var only] ? only : null;
}
