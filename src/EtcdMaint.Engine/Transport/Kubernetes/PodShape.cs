using k8s.Models;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Whether an object has what every pod has. An API server's pods do; what answers in its place may send anything.
/// </summary>
internal static class PodShape
{
    public static bool IsWhole(V1Pod? pod) =>
        pod is { Metadata: { Name.Length: > 0, NamespaceProperty.Length: > 0 }, Spec.Containers: { } containers }
        && containers.All(c => !string.IsNullOrEmpty(c?.Name));
}
