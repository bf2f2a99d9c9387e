using k8s.Models;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// How one way of installing etcd lays it out: where its pods are, and what their specs may leave out.
/// </summary>
internal sealed record EtcdLayout(string Name)
{
    /// <summary>Null looks in all namespaces.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public Predicate<V1Pod> IsEtcd { get; init; } = _ => true;

    /// <summary>
    /// Whether only pods count in which a container is known to run etcd: labels and names alone may be of others too.
    /// </summary>
    public bool NeedsEtcdContainer { get; init; }

    public string? Container { get; init; }

    public int ClientPort { get; init; } = 2379;

    public CertificatePaths Certificates { get; init; } = CertificatePaths.None;

    public IReadOnlyList<string> EtcdctlPaths { get; init; } = [];
}
