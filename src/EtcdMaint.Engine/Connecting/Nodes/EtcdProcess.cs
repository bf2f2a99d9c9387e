using System.Globalization;
using System.Net;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>An etcd process on a node, as its command line and environment describe it.</summary>
/// <param name="Id">The process ID on the node, also if it runs in a container.</param>
/// <param name="Settings">The values by flag, without dashes and without flags that a config file replaces.</param>
internal sealed record EtcdProcess(int Id, IReadOnlyDictionary<string, string> Settings)
{
    private static readonly EtcdEndpoint Default = new(false, "localhost", EtcdEndpoint.DefaultPort);

    public string? ServerCertificate => PathOf("cert-file");

    public string? ServerKey => PathOf("key-file");

    /// <summary>The CA of the client certificates, which is usually also the CA of the server certificate.</summary>
    public string? Authority => PathOf("trusted-ca-file") ?? PathOf("ca-file");

    public string? DataFolder => IsOutdated ? null : PathOf("data-dir");

    public string? ConfigFile => this["config-file"];

    /// <summary>Whether a config file contains the settings and cannot be read.</summary>
    public bool IsConfigUnreadable { get; init; }

    /// <summary>
    /// Whether its config file may have changed since its start, so that it may run with other settings.
    /// </summary>
    public bool IsOutdated { get; init; }

    /// <summary>The start time in seconds since 1970, or null if it is not visible.</summary>
    public long? Started { get; init; }

    /// <summary>
    /// Where each setting comes from. Beside a config file, it contains the command line too, which etcd still checks.
    /// </summary>
    public IReadOnlyList<MemberSetting> Origins { get; init; } = [];

    /// <summary>Whether its environment was read.</summary>
    public bool IsEnvironmentRead { get; init; }

    /// <summary>
    /// The settings with their origins. A config file that has changed since the start is what the next start reads.
    /// </summary>
    public MemberSettings ToSettings() =>
        new(
            Origins,
            IsConfigUnreadable ? $"its config file {ConfigFile} cannot be read"
                : !IsEnvironmentRead && ConfigFile is null && !HasConfigFile
                    ? "its variables cannot be read without root"
                : null
        );

    /// <summary>Whether a config file was read.</summary>
    public bool HasConfigFile { get; init; }

    /// <summary>Whether the source that etcd uses, its variables or its config file, was read.</summary>
    public bool IsWhole { get; init; }

    /// <summary>
    /// Whether the process has a network of its own, in which the addresses of the node belong to other processes.
    /// </summary>
    public bool IsElsewhere { get; init; }

    /// <summary>The working folder, against which relative paths are resolved, or null if it cannot be read.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>The addresses on which it listens in its own network; empty if they cannot be read.</summary>
    public IReadOnlyList<Listener> Listeners { get; init; } = [];

    /// <summary>Its control groups. A container runtime includes the ID of the container in their paths.</summary>
    public IReadOnlyList<string> ControlGroups { get; init; } = [];

    /// <summary>The parent processes, the nearest first.</summary>
    public IReadOnlyList<int> Ancestors { get; init; } = [];

    /// <summary>
    /// The quota, negative for no limit. It is null unless the settings are certain and the process is the one that the
    /// addresses of the node reach.
    /// </summary>
    public long? QuotaBytes =>
        !IsWhole || IsElsewhere ? null
        : this["quota-backend-bytes"] is { } text ? BackendQuota.FromFlag(text)
        : BackendQuota.Default;

    /// <summary>The endpoints on which it listens for clients, loopback addresses first.</summary>
    public IReadOnlyList<EtcdEndpoint> Endpoints =>
        [
            .. ClientUrls
                .Select(e => e with { Host = ListenAddress.Reached(e.Host) })
                .OrderByDescending(e => e.IsLoopback)
                .Distinct(),
        ];

    /// <summary>
    /// The endpoints at which it serves metrics without TLS, loopback addresses first; empty if no setting shows them.
    /// </summary>
    public IReadOnlyList<EtcdEndpoint> PlainMetrics =>
        [
            .. Urls(this["listen-metrics-urls"] ?? "")
                .Concat(Urls(this["listen-client-http-urls"] ?? ""))
                .Where(e => !e.IsTls)
                .Select(e => e with { Host = ListenAddress.Reached(e.Host) })
                .OrderByDescending(e => e.IsLoopback)
                .Distinct(),
        ];

    private IReadOnlyList<EtcdEndpoint> ClientUrls => this["listen-client-urls"] is { } urls ? Urls(urls) : [Default];

    /// <summary>
    /// Whether a client that connects to the endpoint reaches this process: on the node, or in the network of the
    /// process if it has its own.
    /// </summary>
    public bool Serves(EtcdEndpoint endpoint, NodeNetwork network)
    {
        IReadOnlyList<IPAddress> addresses = network.Here(endpoint);
        return Listeners.Count > 0
            ? addresses.Any(a => Listeners.Any(l => l.Takes(a, endpoint.Port)))
            : ClientUrls.Any(u => u.Port == endpoint.Port && addresses.Any(a => IsAt(u.Host, a)));
    }

    /// <summary>
    /// Describes the process so that it can be distinguished from the other etcd processes of the node.
    /// </summary>
    public override string ToString()
    {
        string what = IsConfigUnreadable ? $"its settings are in {ConfigFile}, which cannot be read" : Description;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"PID {Id} ({what}{(IsElsewhere ? ", in a network of its own" : "")})"
        );
    }

    private string Description =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"'{this["name"] ?? "default"}' at {Endpoints[0]}, data folder "
                + $"{DataFolder ?? this["data-dir"] ?? "unknown"}"
        );

    private static bool IsAt(string host, IPAddress address) =>
        IPAddress.TryParse(host, out IPAddress? own)
            ? new Listener(NodeNetwork.Plain(own), 0).Takes(address, 0)
            : host == "localhost" && IPAddress.IsLoopback(address);

    private static IReadOnlyList<EtcdEndpoint> Urls(string urls) =>
        [
            .. urls.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(EtcdEndpoint.TryParse)
                .OfType<EtcdEndpoint>(),
        ];

    private string? PathOf(string flag) =>
        this[flag] is not { } path || path.StartsWith('/') ? this[flag]
        : WorkingFolder is { } folder
            ? $"{folder.TrimEnd('/')}/{(path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path)}"
        : null;

    private string? this[string flag] =>
        Settings.TryGetValue(flag, out string? value) && value.Length > 0 ? value : null;
}
