using System.Globalization;
using EtcdMaint.Engine.Connecting.Nodes;
using k8s.Models;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Where the kubelet asks etcd itself for its health over plain HTTP: etcd serves its metrics at the same port. This
/// tells the port where etcd's own settings are in a file that the spec does not show, as with RKE2.
/// Source: etcd-io/etcd, server/etcdserver/api/etcdhttp/health.go; rancher/rke2 pkg/podtemplate/spec.go.
/// </summary>
internal static class ProbedPort
{
    private static readonly string[] HealthPages = ["/health", "/livez", "/readyz"];

    /// <summary>Null where no probe does.</summary>
    public static int? Find(V1Container container) =>
        new[] { container.LivenessProbe, container.StartupProbe, container.ReadinessProbe }
            .Select(p => p?.HttpGet)
            .OfType<V1HTTPGetAction>()
            .Where(IsPlainHealth)
            .Select(a => Number(a.Port?.Value, container))
            .FirstOrDefault(n => n is not null);

    private static bool IsPlainHealth(V1HTTPGetAction action) =>
        action.Scheme is null or "HTTP"
        && action.Host is { } host
        && ListenAddress.IsLoopback(host)
        && HealthPages.Contains(action.Path?.Split('?')[0]);

    /// <summary>A probe may give the name of one of the container's ports.</summary>
    private static int? Number(string? port, V1Container container)
    {
        int? found = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : (container.Ports ?? []).FirstOrDefault(p => p is not null && p.Name == port)?.ContainerPort;
        return found is > 0 and <= ushort.MaxValue ? found : null;
    }
}
