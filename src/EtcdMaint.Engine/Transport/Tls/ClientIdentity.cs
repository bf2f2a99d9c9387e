using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>
/// The content of the client certificate that is shown. It is read once, because a certificate that was disposed with
/// its connection can no longer be read.
/// </summary>
internal sealed record ClientIdentity(string Subject, string CommonName, DateTime NotBefore, DateTime NotAfter)
{
    /// <summary>Whether the certificate is valid now, by the clock of this machine.</summary>
    public bool IsInTime => DateTime.Now is var now && now >= NotBefore && now <= NotAfter;

    public static ClientIdentity Of(X509Certificate2 certificate) =>
        new(
            certificate.Subject,
            certificate.GetNameInfo(X509NameType.SimpleName, false),
            certificate.NotBefore,
            certificate.NotAfter
        );
}
