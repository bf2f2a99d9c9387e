using System.Security;

namespace EtcdMaint;

/// <summary>All that <c>Connect-EtcdCluster</c> was told, checked for form only.</summary>
internal abstract record ConnectRequest
{
    public string? ClusterName { get; init; }

    /// <summary>Make the connection without asking anything.</summary>
    public bool NoVerify { get; init; }

    /// <summary>The etcd user, for clusters with auth enabled.</summary>
    public string? UserName { get; init; }

    public SecureString? Password { get; init; }

    public TlsRequest Tls { get; init; } = new();

    /// <summary>The quota to assume where no member tells its own.</summary>
    public long? QuotaBytes { get; init; }

    public TimeSpan CallTimeout { get; init; }

    /// <summary>The cluster as the user specified it, for messages.</summary>
    public string Description => ClusterName is null ? Target : $"'{ClusterName}' ({Target})";

    /// <summary>The endpoints, hosts or context to connect to.</summary>
    protected abstract string Target { get; }
}

/// <summary>TLS as asked for; null where nothing was said.</summary>
internal sealed record TlsRequest
{
    public CertificateSource? CACertificate { get; init; }

    public CertificateSource? ClientCertificate { get; init; }

    public CertificateSource? ClientKey { get; init; }

    public SecureString? ClientKeyPassword { get; init; }

    public string? ServerName { get; init; }

    public bool SkipCertificateCheck { get; init; }

    /// <summary>Endpoints without a scheme speak TLS, also where nothing else here says so.</summary>
    public bool IsRequired { get; init; }

    public bool IsEmpty =>
        CACertificate is null
        && ClientCertificate is null
        && ClientKey is null
        && ServerName is null
        && !SkipCertificateCheck
        && !IsRequired;
}

/// <summary>Straight to the members' client endpoints.</summary>
internal sealed record EndpointConnectRequest : ConnectRequest
{
    /// <summary>Endpoints, each a URL or host:port; one string may hold several, split by commas.</summary>
    public IReadOnlyList<string> Endpoint { get; init; } = [];

    /// <summary>The domain whose SRV records name the endpoints.</summary>
    public string? DiscoverySrv { get; init; }

    /// <summary>What is added to the names of the SRV records, for several clusters in one domain.</summary>
    public string? DiscoverySrvName { get; init; }

    /// <summary>Use the given endpoints only, never what members advertise.</summary>
    public bool NoDiscovery { get; init; }

    protected override string Target =>
        Endpoint.Count > 0 ? string.Join(", ", Endpoint) : $"the SRV records of {DiscoverySrv}";
}
