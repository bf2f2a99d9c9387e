namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>The paths, inside a container, of the files with which a client reaches etcd.</summary>
internal sealed record CertificatePaths(string? CA, string? Certificate, string? Key)
{
    public static readonly CertificatePaths None = new(null, null, null);

    public bool IsEmpty => CA is null && Certificate is null && Key is null;

    public bool HasClient => Certificate is not null && Key is not null;

    /// <summary>
    /// Returns these paths, completed by the other ones. A certificate and its key are taken from the same source.
    /// </summary>
    public CertificatePaths Or(CertificatePaths others) =>
        new(CA ?? others.CA, HasClient ? Certificate : others.Certificate, HasClient ? Key : others.Key);
}
