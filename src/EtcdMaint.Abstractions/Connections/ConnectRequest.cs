using System.Security;

namespace EtcdMaint;

/// <summary>The parameters of <c>Connect-EtcdCluster</c>. Only their form has been checked.</summary>
internal abstract record ConnectRequest
{
    public string? ClusterName { get; init; }

    /// <summary>The ring of the cluster; null for none.</summary>
    public int? Ring { get; init; }

    /// <summary>Whether to make the connection without contacting the cluster.</summary>
    public bool NoVerify { get; init; }

    /// <summary>The etcd user, for clusters with auth enabled.</summary>
    public string? UserName { get; init; }

    public SecureString? Password { get; init; }

    public TlsRequest Tls { get; init; } = new();

    /// <summary>The quota to assume for members that do not report theirs.</summary>
    public long? QuotaBytes { get; init; }

    public TimeSpan CallTimeout { get; init; }

    /// <summary>The cluster as the user specified it, for messages.</summary>
    public string Description => ClusterName is null ? Target : $"'{ClusterName}' ({Target})";

    /// <summary>The name of the cluster, or its endpoints, hosts or context if the user gave no name.</summary>
    public string NameOrTarget => ClusterName ?? Target;

    /// <summary>The endpoints, hosts or context to connect to.</summary>
    protected abstract string Target { get; }
}

/// <summary>The TLS settings of the user; null if a setting was not specified.</summary>
internal sealed record TlsRequest
{
    public CertificateSource? CACertificate { get; init; }

    public CertificateSource? ClientCertificate { get; init; }

    public CertificateSource? ClientKey { get; init; }

    public SecureString? ClientKeyPassword { get; init; }

    public string? ServerName { get; init; }

    public bool SkipCertificateCheck { get; init; }

    /// <summary>Whether endpoints without a scheme use TLS even if no other setting implies it.</summary>
    public bool IsRequired { get; init; }

    public bool IsEmpty =>
        CACertificate is null
        && ClientCertificate is null
        && ClientKey is null
        && ServerName is null
        && !SkipCertificateCheck
        && !IsRequired;
}

/// <summary>Connects directly to the client endpoints of the members.</summary>
internal sealed record EndpointConnectRequest : ConnectRequest
{
    /// <summary>Endpoints, each as a URL or host:port. One string can contain several, separated by commas.</summary>
    public IReadOnlyList<string> Endpoint { get; init; } = [];

    /// <summary>The domain whose SRV records contain the endpoints.</summary>
    public string? DiscoverySrv { get; init; }

    /// <summary>The suffix of the service names in the SRV records, for several clusters in one domain.</summary>
    public string? DiscoverySrvName { get; init; }

    /// <summary>Whether to use only these endpoints, and never the endpoints that members advertise.</summary>
    public bool NoDiscovery { get; init; }

    protected override string Target =>
        Endpoint.Count > 0 ? string.Join(", ", Endpoint) : $"the SRV records of {DiscoverySrv}";
}
