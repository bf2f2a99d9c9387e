using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>
/// A private key that lives in memory only, as one out of PEM does. Windows' TLS does not take it before it went
/// through PKCS#12 (dotnet/runtime#23749). A key out of a PFX file, a store or a TPM does not need that, and often
/// cannot be exported.
/// </summary>
internal static class EphemeralKey
{
    /// <summary>What TLS takes for a certificate that was just put together out of PEM.</summary>
    public static X509Certificate2 Persist(X509Certificate2 fromPem) =>
        OperatingSystem.IsWindows() ? ThroughPkcs12(fromPem) : fromPem;

    /// <summary>
    /// What TLS takes for a certificate object: itself, unless its own maker put it together out of PEM.
    /// </summary>
    public static X509Certificate2 PersistGiven(X509Certificate2 given) =>
        OperatingSystem.IsWindows() && IsInMemory(given) ? ThroughPkcs12(given) : given;

    private static X509Certificate2 ThroughPkcs12(X509Certificate2 certificate) =>
        new(certificate.Export(X509ContentType.Pkcs12));

    [SupportedOSPlatform("windows")]
    private static bool IsInMemory(X509Certificate2 certificate)
    {
        try
        {
            using RSA? rsa = certificate.GetRSAPrivateKey();
            using ECDsa? ecdsa = certificate.GetECDsaPrivateKey();
            return rsa is RSACng { Key.IsEphemeral: true } || ecdsa is ECDsaCng { Key.IsEphemeral: true };
        }
        catch (CryptographicException)
        {
            // A key that cannot be reached now is kept elsewhere; whoever uses it is told why.
            return false;
        }
    }
}
