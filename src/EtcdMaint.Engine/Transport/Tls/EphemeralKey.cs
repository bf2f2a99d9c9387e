using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>
/// Makes a private key that exists only in memory, such as a key from PEM, usable for TLS on Windows. Windows accepts
/// such a key only after a conversion to PKCS#12 (dotnet/runtime#23749). A key from a PFX file, a store or a TPM does
/// not need the conversion, and often cannot be exported.
/// </summary>
internal static class EphemeralKey
{
    /// <summary>Returns the certificate for TLS if it was created from PEM.</summary>
    public static X509Certificate2 Persist(X509Certificate2 fromPem) =>
        OperatingSystem.IsWindows() ? ThroughPkcs12(fromPem) : fromPem;

    /// <summary>
    /// Returns the certificate for TLS if the user specified a certificate object: the object itself, unless its key
    /// exists only in memory.
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
            // A key that is not accessible now is stored elsewhere. Its use reports the reason.
            return false;
        }
    }
}
