using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// The etcd settings in the spec of a container: its flags, or otherwise the variables of the flags. With a config
/// file, etcd ignores both, and the file cannot be read from here. The table of layouts contains the paths of the
/// layouts that use a config file.
/// </summary>
internal sealed class PodSettings
{
    private readonly PodEnvironment _environment;
    private readonly bool _isEtcdAlone;
    private readonly bool _hasConfigFile;
    private readonly string? _hidden;
    private readonly IReadOnlyDictionary<string, string> _flags;
    private readonly IReadOnlyDictionary<string, string> _probe;
    private readonly IReadOnlyList<Uri> _told;

    public PodSettings(V1Pod pod, V1Container container)
    {
        _environment = new PodEnvironment(pod, container);
        _isEtcdAlone = PodCommand.StartsEtcd(container);
        _flags = EtcdFlags.Read(_isEtcdAlone ? PodCommand.RawWords(container) : PodCommand.Words(container));
        string? configFile = Etcd("config-file");
        _hasConfigFile = configFile is not null;
        _hidden =
            configFile is not null ? $"the pod spec does not show the config file {configFile}"
            : !_isEtcdAlone ? "the pod spec does not start etcd directly"
            : _environment.IsHidden(Variable("config-file")) ? "the pod spec takes variables from elsewhere"
            : null;
        V1Probe?[] probes = [container.LivenessProbe, container.StartupProbe, container.ReadinessProbe];
        IEnumerable<string>? command = probes
            .Select(p => p?.Exec?.Command?.OfType<string>())
            .FirstOrDefault(c => c?.Any(w => w.Contains("etcdctl", StringComparison.Ordinal)) is true);
        _probe = EtcdFlags.Read(PodCommand.Words(command ?? []));
        Advertised = Urls(
            Etcd("advertise-client-urls") ?? Annotation(pod, "kubeadm.kubernetes.io/etcd.advertise-client-urls")
        );
        Listening = Urls(Etcd("listen-client-urls"));

        // A port-forward and etcdctl in the container use loopback, where etcd may listen without TLS in addition to
        // https elsewhere.
        _told =
        [
            .. Listening.OrderByDescending(u => ListenAddress.IsLoopback(ListenAddress.Reached(u.IdnHost))),
            .. Advertised,
            .. Urls(Etcd("client-urls")),
        ];
        MetricsPort =
            PlainPort(Urls(Etcd("listen-metrics-urls")).Concat(Urls(Etcd("listen-client-http-urls"))))
            ?? ProbedPort.Find(container)
            ?? PlainPort(Listening);
        QuotaBytes =
            !IsCertain("quota-backend-bytes") ? null
            : Etcd("quota-backend-bytes") is { } quota ? BackendQuota.FromFlag(quota)
            : BackendQuota.Default;
    }

    /// <summary>The URLs that the member advertises.</summary>
    public IReadOnlyList<Uri> Advertised { get; }

    public IReadOnlyList<Uri> Listening { get; }

    public string? MemberName => Resolved("name");

    /// <summary>The data folder, or null if the spec does not show it or a variable in it is unknown.</summary>
    public string? DataFolder => Resolved("data-dir");

    /// <summary>Whether no other source can set the data folder.</summary>
    public bool IsDataFolderCertain => IsCertain("data-dir");

    public int? Port => _told.Where(u => u.Port > 0).Select(u => (int?)u.Port).FirstOrDefault();

    /// <summary>
    /// The port at which the loopback address of the pod serves metrics without TLS, or null if it is unknown.
    /// </summary>
    public int? MetricsPort { get; }

    /// <summary>
    /// The quota, or null unless it is certain. With a wrong quota, an alarm would be cleared that the next write arms
    /// again.
    /// </summary>
    public long? QuotaBytes { get; }

    /// <summary>Whether etcd uses TLS, or null if it is unknown.</summary>
    public bool? IsTls =>
        _told.Concat(Urls(_environment["ETCDCTL_ENDPOINTS"])).Concat(Urls(Probe("endpoints"))).FirstOrDefault()
            is { } url
            ? url.Scheme == Uri.UriSchemeHttps
        : Etcd("cert-file") is not null ? true
        : null;

    /// <summary>
    /// The certificates of a client, or otherwise those of the server, which usually work too because members are
    /// clients of each other.
    /// </summary>
    public CertificatePaths Certificates =>
        new CertificatePaths(_environment["ETCDCTL_CACERT"], _environment["ETCDCTL_CERT"], _environment["ETCDCTL_KEY"])
            .Or(new CertificatePaths(Probe("cacert"), Probe("cert"), Probe("key")))
            .Or(new CertificatePaths(Resolved("trusted-ca-file"), Resolved("cert-file"), Resolved("key-file")));

    /// <summary>
    /// All settings of etcd in the spec. With a config file, etcd ignores the variables, but it still checks the
    /// command line.
    /// </summary>
    public MemberSettings All =>
        new(
            [
                .. _environment
                    .Names.Where(_ => !_hasConfigFile)
                    .Select(n => (Flag: MemberSettings.FlagOf(n), Name: n))
                    .Where(n => n.Flag is not null)
                    .Select(n => new MemberSetting(
                        n.Flag!,
                        _environment.IsHidden(n.Name) ? null : Visible(_environment[n.Name] ?? ""),
                        SettingOrigin.Variable
                    )),
                .. _flags.Select(f => new MemberSetting(
                    f.Key,
                    Visible(_environment.Expand(f.Value)),
                    SettingOrigin.CommandLine
                )),
            ],
            _hidden
        );

    /// <summary>
    /// The variables of etcdctl that the container sets. The value is null if it is unknown. ETCDCTL_API is included
    /// only if its value differs from the required one.
    /// </summary>
    public IReadOnlyDictionary<string, string?> EtcdctlVariables
    {
        get
        {
            Dictionary<string, string?> found = _environment.Named(Client.Etcdctl.EtcdctlVariables.Prefix);
            if (found.GetValueOrDefault(Client.Etcdctl.EtcdctlVariables.Api) is "" or "3")
                found.Remove(Client.Etcdctl.EtcdctlVariables.Api);

            // etcdctl ignores an empty variable.
            foreach (string name in found.Where(v => v.Value is "").Select(v => v.Key).ToArray())
                found.Remove(name);
            return found;
        }
    }

    /// <summary>
    /// Whether only the flags and values in the spec can set the flag: the container starts etcd without a shell or
    /// another program, and neither the flag nor a config file comes from an unknown variable.
    /// </summary>
    private bool IsCertain(string flag) =>
        _isEtcdAlone
        && !_hasConfigFile
        && !_environment.IsHidden(Variable("config-file"))
        && !_environment.IsHidden(Variable(flag));

    private static int? PlainPort(IEnumerable<Uri> urls) =>
        urls.Where(u =>
                u.Scheme == Uri.UriSchemeHttp
                && u.Port > 0
                && ListenAddress.IsLoopback(ListenAddress.Reached(u.IdnHost))
            )
            .Select(u => (int?)u.Port)
            .FirstOrDefault();

    private static string? Annotation(V1Pod pod, string name) =>
        pod.Metadata.Annotations is { } annotations && annotations.TryGetValue(name, out string? value) ? value : null;

    /// <summary>Returns null if the value contains a variable whose value the spec does not show.</summary>
    private static string? Visible(string value) => value.Contains("$(", StringComparison.Ordinal) ? null : value;

    private string? Etcd(string flag) =>
        _hasConfigFile ? null
        : _flags.TryGetValue(flag, out string? value) && value.Length > 0 ? _environment.Expand(value)
        : _environment[Variable(flag)];

    private string? Resolved(string flag) =>
        Etcd(flag) is { } value && !value.Contains('$', StringComparison.Ordinal) ? value : null;

    private static string Variable(string flag) => "ETCD_" + flag.ToUpperInvariant().Replace('-', '_');

    private string? Probe(string flag) =>
        _probe.TryGetValue(flag, out string? value) && value.Length > 0 ? _environment.Expand(value) : null;

    private static IReadOnlyList<Uri> Urls(string? list) =>
        [
            .. (list ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(u => Uri.TryCreate(u, UriKind.Absolute, out Uri? uri) ? uri : null)
                .OfType<Uri>()
                .Where(u => u.Scheme == Uri.UriSchemeHttp || u.Scheme == Uri.UriSchemeHttps)
                .Where(u => Uri.TryCreate(new UriBuilder(u.Scheme, u.IdnHost).ToString(), UriKind.Absolute, out _)),
        ];
}
