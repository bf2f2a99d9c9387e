using System.Globalization;
using System.Net;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>An etcd that runs on a node, as its own command line and environment describe it.</summary>
/// <param name="Id">Its process ID on the node, also when it runs in a container.</param>
/// <param name="Settings">Values by flag, without dashes; without those that a config file replaces.</param>
internal sealed record EtcdProcess(int Id, IReadOnlyDictionary<string, string> Settings)
{
    private static readonly EtcdEndpoint Default = new(false, "localhost", EtcdEndpoint.DefaultPort);

    public string? ServerCertificate => PathOf("cert-file");

    public string? ServerKey => PathOf("key-file");

    /// <summary>The authority of the clients' certificates, in practice of the server's too.</summary>
    public string? Authority => PathOf("trusted-ca-file") ?? PathOf("ca-file");

    public string? DataFolder => IsOutdated ? null : PathOf("data-dir");

    public string? ConfigFile => this["config-file"];

    /// <summary>Whether a config file has all that counts, and may not be read.</summary>
    public bool IsConfigUnreadable { get; init; }

    /// <summary>
    /// Whether its config file may have changed since its start, so that it may run with other settings.
    /// </summary>
    public bool IsOutdated { get; init; }

    /// <summary>When it started, in seconds since 1970; null where that is not seen.</summary>
    public long? Started { get; init; }

    /// <summary>Whether its variables or its config file, whichever etcd uses, were read.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether it has a network of its own, in which the node's addresses lead elsewhere.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>Its working folder, to which relative paths belong; null where that may not be seen.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>Where it listens, in its own network; empty where that may not be seen.</summary>
    public IReadOnlyList<Listener> Listeners { get; init; } = [];

    /// <summary>Its control groups, in whose paths a container runtime writes the container's ID.</summary>
    public IReadOnlyList<string> ControlGroups { get; init; } = [];

    /// <summary>The processes above it, the nearest first.</summary>
    public IReadOnlyList<int> Ancestors { get; init; } = [];

    /// <summary>
    /// Negative for no limit; null unless the settings leave no doubt, and the process is the one that the node's
    /// addresses reach.
    /// </summary>
    public long? QuotaBytes =>
        !IsWhole || IsElsewhere ? null
        : this["quota-backend-bytes"] is { } text ? BackendQuota.FromFlag(text)
        : BackendQuota.Default;

    /// <summary>Where it listens for clients, a loopback address first.</summary>
    public IReadOnlyList<EtcdEndpoint> Endpoints =>
        [
            .. ClientUrls
                .Select(e => e with { Host = ListenAddress.Reached(e.Host) })
                .OrderByDescending(e => e.IsLoopback)
                .Distinct(),
        ];

    /// <summary>Where it serves metrics without TLS, a loopback address first; empty where no setting tells.</summary>
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
    /// Whether a client that connects to the endpoint reaches it: on the node, or for a process with a network of its
    /// own, in that network.
    /// </summary>
    public bool Serves(EtcdEndpoint endpoint, NodeNetwork network)
    {
        IReadOnlyList<IPAddress> addresses = network.Here(endpoint);
        return Listeners.Count > 0
            ? addresses.Any(a => Listeners.Any(l => l.Takes(a, endpoint.Port)))
            : ClientUrls.Any(u => u.Port == endpoint.Port && addresses.Any(a => IsAt(u.Host, a)));
    }

    /// <summary>What tells it apart from the other etcd processes of its node.</summary>
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
