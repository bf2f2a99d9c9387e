using System.Globalization;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Finds the port of a probe that checks the health of etcd over plain HTTP. etcd serves its metrics at the same port.
/// This shows the port if the settings of etcd are in a file that the spec does not contain, as in RKE2. Source:
/// etcd-io/etcd, server/etcdserver/api/etcdhttp/health.go; rancher/rke2 pkg/podtemplate/spec.go.
/// </summary>
internal static class ProbedPort
{
    private static readonly string[] HealthPages = ["/health", "/livez", "/readyz"];

    /// <summary>Returns null if there is no such probe.</summary>
    public static int? Find(V1Container container) =>
        new[] { container.LivenessProbe, container.StartupProbe, container.ReadinessProbe }
            .Select(p => p?.HttpGet)
            .OfType<V1HTTPGetAction>()
            .Where(IsPlainHealth)
            .Select(a => Number(a.Port, container))
            .FirstOrDefault(n => n is not null);

    private static bool IsPlainHealth(V1HTTPGetAction action) =>
        action.Scheme is null or "HTTP"
        && action.Host is { } host
        && ListenAddress.IsLoopback(host)
        && HealthPages.Contains(action.Path?.Split('?')[0]);

    /// <summary>A probe may specify the name of a container port.</summary>
    private static int? Number(string? port, V1Container container)
    {
        int? found = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : (container.Ports ?? []).FirstOrDefault(p => p is not null && p.Name == port)?.ContainerPort;
        return found is > 0 and <= ushort.MaxValue ? found : null;
    }
}
