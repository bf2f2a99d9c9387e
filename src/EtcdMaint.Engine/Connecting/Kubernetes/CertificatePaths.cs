namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>Where, inside a container, the files are with which a client reaches etcd.</summary>
internal sealed record CertificatePaths(string? CA, string? Certificate, string? Key)
{
    public static readonly CertificatePaths None = new(null, null, null);

    public bool IsEmpty => CA is null && Certificate is null && Key is null;

    public bool HasClient => Certificate is not null && Key is not null;

    /// <summary>
    /// These, and what they lack from the others. A certificate and its key come from the same place.
    /// </summary>
    public CertificatePaths Or(CertificatePaths others) =>
        new(CA ?? others.CA, HasClient ? Certificate : others.Certificate, HasClient ? Key : others.Key);
}
