using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters.Nodes;
using k8s.Models;

namespace EtcdMaint.Engine.Clusters.Kubernetes;

/// <summary>
/// What a container's spec says of its etcd: flags, else the variables that stand for them. A config file cannot be
/// looked into from here; for the layouts that use one, the table knows the paths.
/// </summary>
internal sealed class PodSettings
{
    private readonly PodEnvironment _environment;
    private readonly IReadOnlyDictionary<string, string> _flags;
    private readonly IReadOnlyDictionary<string, string> _probe;

    public PodSettings(V1Pod pod, V1Container container)
    {
        _environment = new PodEnvironment(pod, container);
        _flags = EtcdFlags.Read(PodCommand.Words(container));
        V1Probe?[] probes = [container.LivenessProbe, container.StartupProbe, container.ReadinessProbe];
        IEnumerable<string>? command = probes.Select(p => p?.Exec?.Command).FirstOrDefault(c => c?.Any(w => w.Contains("etcdctl", StringComparison.Ordinal)) is true);
        _probe = EtcdFlags.Read(PodCommand.Words(command ?? []));
        Advertised = Urls(Etcd("advertise-client-urls") ?? Annotation(pod, "kubeadm.kubernetes.io/etcd.advertise-client-urls"));
        Listening = Urls(Etcd("listen-client-urls"));
        Managed = Urls(Etcd("client-urls"));
        MetricsPort = PlainPort(Urls(Etcd("listen-metrics-urls")).Concat(Urls(Etcd("listen-client-http-urls"))))
            ?? ProbedPort.Find(container)
            ?? PlainPort(Listening);
        QuotaBytes = Etcd("quota-backend-bytes") is { } quota ? BackendQuota.FromFlag(quota)
            : TellsAll(container) ? BackendQuota.Default
            : null;
    }

    /// <summary>The URLs that the member advertises.</summary>
    public IReadOnlyList<Uri> Advertised { get; }

    public IReadOnlyList<Uri> Listening { get; }

    /// <summary>The URLs that a manager will have etcd listen on.</summary>
    private IReadOnlyList<Uri> Managed { get; }

    public string? MemberName => Etcd("name");

    public string? DataFolder => Etcd("data-dir");

    public int? Port => Listening.Concat(Advertised).Concat(Managed).Where(u => u.Port > 0).Select(u => (int?)u.Port).FirstOrDefault();

    /// <summary>The port at which the pod's loopback address serves metrics without TLS; null where nothing tells of one.</summary>
    public int? MetricsPort { get; }

    /// <summary>Null where nothing tells, or there is none.</summary>
    public long? QuotaBytes { get; }

    /// <summary>Null where nothing tells.</summary>
    public bool? IsTls =>
        Listening.Concat(Advertised).Concat(Managed).FirstOrDefault() is { } url ? url.Scheme == Uri.UriSchemeHttps
        : Etcd("cert-file") is not null ? true
        : null;

    /// <summary>Those of a client first; a server's own usually do as well, since members are each other's clients.</summary>
    public CertificatePaths Certificates =>
        new CertificatePaths(_environment["ETCDCTL_CACERT"], _environment["ETCDCTL_CERT"], _environment["ETCDCTL_KEY"])
            .Or(new CertificatePaths(Probe("cacert"), Probe("cert"), Probe("key")))
            .Or(new CertificatePaths(Etcd("trusted-ca-file"), Etcd("cert-file"), Etcd("key-file")));

    /// <summary>Whether what is not in the spec is as etcd has it by default: nothing starts it but the container itself.</summary>
    private bool TellsAll(V1Container container) =>
        PodCommand.RunsEtcd(container) && Etcd("config-file") is null && container.EnvFrom is not { Count: > 0 };

    private static int? PlainPort(IEnumerable<Uri> urls) => urls
        .Where(u => u.Scheme == Uri.UriSchemeHttp && ListenAddress.IsLoopback(ListenAddress.Reached(u.IdnHost)))
        .Select(u => (int?)u.Port)
        .FirstOrDefault();

    private static string? Annotation(V1Pod pod, string name) =>
        pod.Metadata.Annotations is { } annotations && annotations.TryGetValue(name, out string? value) ? value : null;

    private string? Etcd(string flag) =>
        _flags.TryGetValue(flag, out string? value) && value.Length > 0
            ? _environment.Expand(value)
            : _environment["ETCD_" + flag.ToUpperInvariant().Replace('-', '_')];

    private string? Probe(string flag) => _probe.TryGetValue(flag, out string? value) && value.Length > 0 ? _environment.Expand(value) : null;

    private static IReadOnlyList<Uri> Urls(string? list) =>
    [
        .. (list ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(u => Uri.TryCreate(u, UriKind.Absolute, out Uri? uri) ? uri : null)
            .OfType<Uri>()
            .Where(u => u.Scheme == Uri.UriSchemeHttp || u.Scheme == Uri.UriSchemeHttps),
    ];
}
