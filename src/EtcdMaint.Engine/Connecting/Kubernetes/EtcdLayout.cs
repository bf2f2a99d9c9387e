using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// The layout of one way to install etcd: the location of its pods, and the settings that their specs may omit.
/// </summary>
internal sealed record EtcdLayout(string Name)
{
    /// <summary>The namespace, or null to search all namespaces.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    /// <summary>
    /// Whether the pods are the etcd of the Kubernetes API server, so that the name of the context names the cluster.
    /// </summary>
    public bool IsOfApiServer { get; init; }

    /// <summary>
    /// Whether an installer uses this layout in the namespace. In another namespace, other pods beside those of the
    /// layout may be etcd too.
    /// </summary>
    public bool IsInstalledIn(string podNamespace) => Namespace == podNamespace;

    public Predicate<V1Pod> IsEtcd { get; init; } = _ => true;

    /// <summary>
    /// Whether a pod must have a container that is known to run etcd, because labels and names may also belong to other
    /// pods.
    /// </summary>
    public bool NeedsEtcdContainer { get; init; }

    public string? Container { get; init; }

    public int ClientPort { get; init; } = 2379;

    public CertificatePaths Certificates { get; init; } = CertificatePaths.None;

    public IReadOnlyList<string> EtcdctlPaths { get; init; } = [];
}
