using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Checks that an object has the required fields of a pod. The pods of an API server have them, but another server may
/// send anything.
/// </summary>
internal static class PodShape
{
    public static bool IsWhole(V1Pod? pod) =>
        pod is { Metadata: { Name.Length: > 0, Namespace.Length: > 0 }, Spec.Containers: { } containers }
        && containers.All(c => !string.IsNullOrEmpty(c?.Name));
}
