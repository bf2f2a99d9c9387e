using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clusters.Nodes;

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

    public string? DataFolder => PathOf("data-dir");

    public string? ConfigFile => this["config-file"];

    /// <summary>Whether a config file has all that counts, and may not be read.</summary>
    public bool IsInTheDark { get; init; }

    /// <summary>Whether its variables or its config file, whichever etcd uses, were read.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether it has a network of its own, in which the node's addresses lead elsewhere.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>Its working folder, to which relative paths belong; null where that may not be seen.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>The ports on which it listens; empty where that may not be seen.</summary>
    public IReadOnlyList<int> ListeningPorts { get; init; } = [];

    /// <summary>Negative for no limit; null unless the settings leave no doubt, and the process is the one that the node's addresses reach.</summary>
    public long? QuotaBytes => !IsWhole || IsElsewhere ? null
        : this["quota-backend-bytes"] is { } text ? BackendQuota.FromFlag(text)
        : BackendQuota.Default;

    /// <summary>Where it listens for clients, a loopback address first.</summary>
    public IReadOnlyList<EtcdEndpoint> Endpoints => this["listen-client-urls"] is { } urls ? Reached(urls) : [Default];

    /// <summary>Where it serves metrics without TLS, a loopback address first; empty where no setting tells.</summary>
    public IReadOnlyList<EtcdEndpoint> PlainMetrics =>
        [.. Reached(this["listen-metrics-urls"] ?? "").Concat(Reached(this["listen-client-http-urls"] ?? "")).Where(e => !e.IsTls)];

    /// <summary>Whether a client that connects to the endpoint on the node can reach it, by its port.</summary>
    public bool Serves(EtcdEndpoint endpoint) => ListeningPorts.Count > 0
        ? ListeningPorts.Contains(endpoint.Port)
        : Endpoints.Any(e => e.Port == endpoint.Port);

    private static IReadOnlyList<EtcdEndpoint> Reached(string urls) =>
    [
        .. urls
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(EtcdEndpoint.TryParse)
            .OfType<EtcdEndpoint>()
            .Select(e => e with { Host = ListenAddress.Reached(e.Host) })
            .OrderByDescending(e => e.IsLoopback)
            .Distinct(),
    ];

    private string? PathOf(string flag) =>
        this[flag] is not { } path || path.StartsWith('/') ? this[flag]
        : WorkingFolder is { } folder ? $"{folder.TrimEnd('/')}/{(path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path)}"
        : null;

    private string? this[string flag] => Settings.TryGetValue(flag, out string? value) && value.Length > 0 ? value : null;
}
