using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint;

/// <summary>
/// Where a certificate or key comes from: a file, PEM text, or a certificate object. It is read when the connection is
/// made. It never shows what it holds.
/// </summary>
public sealed class CertificateSource
{
    private CertificateSource(string? path, string? pem, X509Certificate2? certificate)
    {
        Path = path;
        Pem = pem;
        Certificate = certificate;
    }

    /// <summary>The full path of the file; null when it is not a file.</summary>
    public string? Path { get; }

    internal string? Pem { get; }

    internal X509Certificate2? Certificate { get; }

    internal static CertificateSource FromFile(string path) => new(path, null, null);

    internal static CertificateSource FromPem(string text) => new(null, text, null);

    internal static CertificateSource FromCertificate(X509Certificate2 certificate) => new(null, null, certificate);

    /// <summary>The path, or what kind of source it is; never its contents.</summary>
    public override string ToString() => Path ?? (Pem is null ? "certificate object" : "PEM text");
}
