namespace EtcdMaint.TestCluster;

/// <summary>The cluster to start; the default is one plain member of the default release.</summary>
public sealed record ClusterOptions
{
    /// <summary>1 to 10; usually 1, 3 or 5.</summary>
    public int Members { get; init; } = 1;

    /// <summary>The prefix of each member's name; a number follows.</summary>
    public string NamePrefix { get; init; } = "m";

    public TlsMode Tls { get; init; } = TlsMode.None;

    /// <summary>Null selects <see cref="EtcdReleases.DefaultAsync"/>.</summary>
    public EtcdBinaries? Binaries { get; init; }

    /// <summary>The size of the database file at which NOSPACE is armed; null is etcd's own default, 2 GiB.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>The quota of a member by its name; null is <see cref="QuotaBytes"/>.</summary>
    public Func<string, long?> QuotaOf { get; init; } = _ => null;

    /// <summary>Enables etcd's auth, with the users of <see cref="ClusterUsers"/>.</summary>
    public bool Auth { get; init; }

    /// <summary>How long an unused token is valid; null is etcd's own default, 5 minutes.</summary>
    public TimeSpan? AuthTokenTtl { get; init; }

    /// <summary>The common name of the client certificate.</summary>
    public string ClientCommonName { get; init; } = "etcd-client";

    /// <summary>Whether each member listens on, and advertises, a second client URL.</summary>
    public bool ExtraClientUrl { get; init; }

    /// <summary>
    /// Whether HTTP, and with it metrics and the JSON gateway, has a separate port, so that a client URL serves only
    /// gRPC; needs 3.5.8 or later.
    /// </summary>
    public bool HttpApart { get; init; }

    /// <summary>
    /// Whether each member also serves its metrics without TLS at a separate URL, as kubeadm configures it.
    /// </summary>
    public bool MetricsApart { get; init; }

    /// <summary>
    /// The URL that every member advertises instead of its listen URL, such as an unreachable address.
    /// </summary>
    public string? AdvertisedClientUrl { get; init; }

    /// <summary>The data folder by member name, relative to the cluster's folder; null is the name itself.</summary>
    public Func<string, string?> DataFolder { get; init; } = _ => null;

    /// <summary>
    /// The folder of the write-ahead log by member name, relative to the cluster's folder; null is inside the data
    /// folder.
    /// </summary>
    public Func<string, string?> WalFolder { get; init; } = _ => null;

    /// <summary>Additional arguments of every member; if an argument is given twice, etcd uses the last.</summary>
    public IReadOnlyList<string> ExtraArguments { get; init; } = [];

    /// <summary>The time limit for all members to become ready.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
