using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clusters.Nodes;

/// <summary>An etcd that runs on a node, as its own command line and environment describe it.</summary>
/// <param name="Id">Its process ID on the node, also when it runs in a container.</param>
/// <param name="Settings">Values by flag, without dashes.</param>
internal sealed record EtcdProcess(int Id, IReadOnlyDictionary<string, string> Settings)
{
    private static readonly EtcdEndpoint Default = new(false, "localhost", EtcdEndpoint.DefaultPort);

    public string? ServerCertificate => this["cert-file"];

    public string? ServerKey => this["key-file"];

    /// <summary>The authority of the clients' certificates, in practice of the server's too.</summary>
    public string? Authority => this["trusted-ca-file"] ?? this["ca-file"];

    public string? DataFolder => this["data-dir"];

    public string? ConfigFile => this["config-file"];

    /// <summary>Whether a config file has all that counts, and may not be read.</summary>
    public bool IsInTheDark { get; init; }

    /// <summary>Null where there is no quota, or its config file could not be read.</summary>
    public long? QuotaBytes => this["quota-backend-bytes"] is { } text ? BackendQuota.FromFlag(text)
        : ConfigFile is null || DataFolder is not null ? BackendQuota.Default
        : null;

    /// <summary>Where it listens for clients, a loopback address first.</summary>
    public IReadOnlyList<EtcdEndpoint> Endpoints => this["listen-client-urls"] is { } urls ? Reached(urls) : [Default];

    /// <summary>Where it serves metrics without TLS, a loopback address first; empty where no setting tells.</summary>
    public IReadOnlyList<EtcdEndpoint> PlainMetrics =>
        [.. Reached(this["listen-metrics-urls"] ?? "").Concat(Reached(this["listen-client-http-urls"] ?? "")).Where(e => !e.IsTls)];

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

    private string? this[string flag] => Settings.TryGetValue(flag, out string? value) && value.Length > 0 ? value : null;
}
