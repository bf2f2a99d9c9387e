using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>A pod that runs etcd, with the settings in its spec.</summary>
internal sealed record EtcdPod
{
    private static readonly char[] Digits = [.. "0123456789"];

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>The UID. It changes when another pod with the same name replaces this one.</summary>
    public required string Uid { get; init; }

    public string? Node { get; init; }

    /// <summary>Whether the pod runs the etcd of the Kubernetes API server.</summary>
    public bool IsOfApiServer { get; init; }

    public required string Container { get; init; }

    public required bool IsTls { get; init; }

    public required int ClientPort { get; init; }

    /// <summary>
    /// The port at which the loopback address of the pod serves metrics without TLS, or null if the spec does not show
    /// it.
    /// </summary>
    public int? MetricsPort { get; init; }

    /// <summary>The hosts at which etcd is reached from inside its own container, the most likely first.</summary>
    public required IReadOnlyList<string> InnerHosts { get; init; }

    /// <summary>The host that the member advertises, or null if the spec does not show it.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>The name of the member in its own spec, or null if the spec does not contain it.</summary>
    public string? MemberName { get; init; }

    /// <summary>The paths of the certificates in the container, if etcd uses TLS.</summary>
    public required CertificatePaths Certificates { get; init; }

    /// <summary>The source of these paths, for messages.</summary>
    public string CertificatesFrom { get; init; } = "";

    public required IReadOnlyList<string> EtcdctlPaths { get; init; }

    /// <summary>The variables of etcdctl that the spec sets. The value is null if the spec does not show it.</summary>
    public IReadOnlyDictionary<string, string?> EtcdctlVariables { get; init; } = new Dictionary<string, string?>();

    /// <summary>The settings of etcd in the spec.</summary>
    public MemberSettings? Settings { get; init; }

    /// <summary>Whether the tag of the image names a release before 3.6.</summary>
    public bool IsProbablyOld { get; init; }

    /// <summary>The quota of the member in its spec, negative for no limit, or null if it is not certain.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>
    /// How long etcd may be unavailable before the kubelet restarts it, or null if no probe checks it.
    /// </summary>
    public TimeSpan? ProbeBudget { get; init; }

    /// <summary>
    /// The path of the data folder in the container, or null if the spec does not show it or the container does not
    /// mount it.
    /// </summary>
    public string? DataFolder { get; init; }

    /// <summary>
    /// The volume with the data, of a volume claim or an empty directory, or null for a folder of the node.
    /// </summary>
    public string? DataVolume { get; init; }

    /// <summary>The problem of the pod, for messages, or null if the pod is running and ready.</summary>
    public string? Trouble { get; init; }

    /// <summary>Whether etcd has a running process.</summary>
    public required bool IsRunning { get; init; }

    public string Target => $"{Namespace}/{Name}:{ClientPort}";

    /// <summary>
    /// The name of the pod without its node, which the kubelet adds to a static pod, or without its number in a
    /// StatefulSet.
    /// </summary>
    public string SetName
    {
        get
        {
            string name =
                Node is not null && Name.EndsWith($"-{Node}", StringComparison.Ordinal)
                    ? Name[..^(Node.Length + 1)]
                    : Name.TrimEnd(Digits).TrimEnd('-');
            return name.Length > 0 ? name : Name;
        }
    }

    /// <summary>
    /// Returns the same pod with TLS at its client port. A metrics page at that port then also uses TLS.
    /// </summary>
    public EtcdPod OverTls() =>
        this with
        {
            IsTls = true,
            MetricsPort = MetricsPort == ClientPort ? null : MetricsPort,
        };

    public EtcdEndpoint Endpoint(string host) => new(IsTls, host, ClientPort);

    public override string ToString() => $"{Namespace}/{Name}";
}
