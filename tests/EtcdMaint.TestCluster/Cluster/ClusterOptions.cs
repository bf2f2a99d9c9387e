namespace EtcdMaint.TestCluster;

/// <summary>What cluster to start; the default is one plain member of the default release.</summary>
public sealed record ClusterOptions
{
    /// <summary>1 to 10; 1, 3 and 5 are the usual ones.</summary>
    public int Members { get; init; } = 1;

    /// <summary>What the name of every member begins with; a number follows.</summary>
    public string NamePrefix { get; init; } = "m";

    public TlsMode Tls { get; init; } = TlsMode.None;

    /// <summary>Null takes <see cref="EtcdReleases.DefaultAsync"/>.</summary>
    public EtcdBinaries? Binaries { get; init; }

    /// <summary>The size of the database file at which NOSPACE is raised; null is etcd's own default, 2 GiB.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>The quota of one member by its name; null is <see cref="QuotaBytes"/>.</summary>
    public Func<string, long?> QuotaOf { get; init; } = _ => null;

    /// <summary>Turns etcd's auth on, with the users of <see cref="ClusterUsers"/>.</summary>
    public bool Auth { get; init; }

    /// <summary>How long a token lives without use; null is etcd's own default, 5 minutes.</summary>
    public TimeSpan? AuthTokenTtl { get; init; }

    /// <summary>The common name of the client certificate.</summary>
    public string ClientCommonName { get; init; } = "etcd-client";

    /// <summary>Whether each member listens on, and advertises, a second client URL.</summary>
    public bool ExtraClientUrl { get; init; }

    /// <summary>
    /// Whether HTTP, and with it metrics and the JSON gateway, has a port of its own, so that a client URL serves gRPC
    /// alone; needs 3.5.8 or newer.
    /// </summary>
    public bool HttpApart { get; init; }

    /// <summary>
    /// Whether each member also serves its metrics without TLS at a URL of its own, as kubeadm configures it.
    /// </summary>
    public bool MetricsApart { get; init; }

    /// <summary>
    /// What every member advertises instead of where it listens, such as an address that leads nowhere.
    /// </summary>
    public string? AdvertisedClientUrl { get; init; }

    /// <summary>The data folder by member name, relative to the cluster's folder; null is the name itself.</summary>
    public Func<string, string?> DataFolder { get; init; } = _ => null;

    /// <summary>
    /// The folder of the write-ahead log by member name, relative to the cluster's folder; null is inside the data
    /// folder.
    /// </summary>
    public Func<string, string?> WalFolder { get; init; } = _ => null;

    /// <summary>Further arguments of every member; of an argument given twice etcd takes the last.</summary>
    public IReadOnlyList<string> ExtraArguments { get; init; } = [];

    /// <summary>How long all members together may take until they are ready.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
