using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>A pod that runs etcd, and all that its spec says of it.</summary>
internal sealed record EtcdPod
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Changes when a pod of the same name takes this one's place.</summary>
    public required string Uid { get; init; }

    public string? Node { get; init; }

    public required string Container { get; init; }

    public required bool IsTls { get; init; }

    public required int ClientPort { get; init; }

    /// <summary>
    /// The port at which the pod's loopback address serves metrics without TLS; null where the spec does not tell.
    /// </summary>
    public int? MetricsPort { get; init; }

    /// <summary>Where etcd is reached from inside its own container, the likeliest first.</summary>
    public required IReadOnlyList<string> InnerHosts { get; init; }

    /// <summary>The host that the member advertises; null where the spec does not tell.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>The member's name as its own spec has it; null where it does not.</summary>
    public string? MemberName { get; init; }

    /// <summary>Where certificates lie in the container, if etcd speaks TLS.</summary>
    public required CertificatePaths Certificates { get; init; }

    /// <summary>What tells these paths, for people.</summary>
    public string CertificatesFrom { get; init; } = "";

    public required IReadOnlyList<string> EtcdctlPaths { get; init; }

    /// <summary>The variables of etcdctl that the spec sets, with null for a value that it does not show.</summary>
    public IReadOnlyDictionary<string, string?> EtcdctlVariables { get; init; } = new Dictionary<string, string?>();

    /// <summary>The member's quota by its spec, negative for no limit; null where that is not certain.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>How long etcd may stand still before the kubelet kills it; null when no probe looks.</summary>
    public TimeSpan? ProbeBudget { get; init; }

    /// <summary>
    /// The folder of the data as the container sees it; null where the spec does not tell, or the container does not
    /// mount it.
    /// </summary>
    public string? DataFolder { get; init; }

    /// <summary>
    /// The volume claim's or empty directory's volume that holds the data; null for a folder of the node's own.
    /// </summary>
    public string? DataVolume { get; init; }

    /// <summary>What is wrong with the pod, for people; null when it runs and is ready.</summary>
    public string? Trouble { get; init; }

    /// <summary>Whether there is a process to talk to.</summary>
    public required bool IsRunning { get; init; }

    public string Target => $"{Namespace}/{Name}:{ClientPort}";

    /// <summary>
    /// The same pod, known to speak TLS at its client port. A metrics page at that port then has TLS too.
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
