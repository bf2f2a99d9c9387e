using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint;

/// <summary>
/// The source of a certificate or key: a file, PEM text, or a certificate object. The module reads it when it makes the
/// connection, and never shows its contents.
/// </summary>
public sealed class CertificateSource
{
    private CertificateSource(string? path, string? pem, X509Certificate2? certificate)
    {
        Path = path;
        Pem = pem;
        Certificate = certificate;
    }

    /// <summary>The full path of the file; null for other sources.</summary>
    public string? Path { get; }

    internal string? Pem { get; }

    internal X509Certificate2? Certificate { get; }

    internal static CertificateSource FromFile(string path) => new(path, null, null);

    internal static CertificateSource FromPem(string text) => new(null, text, null);

    internal static CertificateSource FromCertificate(X509Certificate2 certificate) => new(null, null, certificate);

    /// <summary>The path, or the kind of source; never the contents.</summary>
    public override string ToString() => Path ?? (Pem is null ? "certificate object" : "PEM text");
}
