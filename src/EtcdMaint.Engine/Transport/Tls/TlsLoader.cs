using System.Net;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>Reads the certificates and keys that were specified for <c>Connect-EtcdCluster</c>.</summary>
internal static class TlsLoader
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string EllipticCurve = "1.2.840.10045.2.1";

    /// <summary>Ed25519 and Ed448. The message of .NET contains the one that it cannot read.</summary>
    private static readonly string[] EdwardsCurves = ["1.3.101.112", "1.3.101.113"];

    /// <param name="request">The settings of the user.</param>
    /// <param name="keys">Makes keys usable for TLS, or null for that of this platform.</param>
    public static TlsSettings Load(TlsRequest request, TlsKeyStore? keys = null)
    {
        if (request.ClientKey is not null && request.ClientCertificate is null)
            throw Unusable(
                ErrorIds.ClientCertificateMissing,
                "A client key was specified without its certificate.",
                "Specify the certificate with -ClientCertificate."
            );

        X509Certificate2Collection authorities = LoadAuthorities(request.CACertificate);
        (X509Certificate2? client, X509Certificate2Collection chain) = LoadClient(
            request,
            keys ?? TlsKeyStore.OfThisPlatform
        );
        return new TlsSettings
        {
            Authorities = authorities,
            Client = client,
            Intermediates = chain,
            ServerName = request.ServerName,
            SkipCertificateCheck = request.SkipCertificateCheck,
            Owned =
            [
                .. authorities.Where(a => !ReferenceEquals(a, request.CACertificate?.Certificate)),
                .. chain,
                .. client is null || ReferenceEquals(client, request.ClientCertificate?.Certificate)
                    ? Array.Empty<X509Certificate2>()
                    : [client],
            ],
        };
    }

    private static X509Certificate2Collection LoadAuthorities(CertificateSource? source)
    {
        if (source is null)
            return [];
        var authorities = new X509Certificate2Collection();
        if (source.Certificate is not null)
        {
            authorities.Add(source.Certificate);
            return authorities;
        }
        byte[] bytes = ReadBytes(source);
        try
        {
            if (IsPem(bytes))
                authorities.ImportFromPem(PemText.Of(bytes));
            else
                authorities.Import(bytes);
        }
        catch (CryptographicException cause)
        {
            throw CertificateUnusable(source, cause);
        }
        return authorities.Count > 0 ? authorities : throw CertificateUnusable(source, null);
    }

    private static (X509Certificate2?, X509Certificate2Collection) LoadClient(TlsRequest request, TlsKeyStore keys)
    {
        if (request.ClientCertificate is not { } source)
            return (null, []);
        if (source.Certificate is { } given)
            return (UseGiven(given, source, request, keys), []);

        byte[] bytes = ReadBytes(source);
        string? certificatePem = IsPem(bytes) ? PemText.Of(bytes) : null;
        (X509Certificate2 certificate, X509Certificate2Collection chain) = certificatePem is null
            ? ReadPfx(source, bytes, request.ClientKeyPassword, keys)
            : ReadCertificates(source, certificatePem);
        if (certificate.HasPrivateKey && request.ClientKey is null)
            return (certificate, chain);
        using (certificate)
            return (WithKey(certificate, ReadKeyPem(request.ClientKey, certificatePem), request, keys), chain);
    }

    /// <summary>Returns the object itself if TLS can use it.</summary>
    private static X509Certificate2 UseGiven(
        X509Certificate2 given,
        CertificateSource source,
        TlsRequest request,
        TlsKeyStore keys
    )
    {
        try
        {
            return given.HasPrivateKey && request.ClientKey is null
                ? keys.PersistGiven(given, source)
                : WithKey(given, ReadKeyPem(request.ClientKey, null), request, keys);
        }
        catch (CryptographicException cause)
        {
            // For example, the object was disposed.
            throw CertificateUnusable(source, cause);
        }
    }

    private static (X509Certificate2, X509Certificate2Collection) ReadCertificates(CertificateSource source, string pem)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(pem);
        }
        catch (CryptographicException cause)
        {
            throw CertificateUnusable(source, cause);
        }
        if (all.Count == 0)
            throw CertificateUnusable(source, null);
        X509Certificate2 leaf = all[0];
        all.RemoveAt(0);
        return (leaf, all);
    }

    /// <summary>Returns the certificate that has a key, and all others as its chain.</summary>
    private static (X509Certificate2, X509Certificate2Collection) ReadPfx(
        CertificateSource source,
        byte[] bytes,
        SecureString? password,
        TlsKeyStore keys
    )
    {
        X509Certificate2Collection all;
        try
        {
            all = keys.Read(bytes, password is null ? null : new NetworkCredential("", password).Password, source);
        }
        catch (CryptographicException cause)
        {
            if (Array.Exists(EdwardsCurves, curve => cause.Message.Contains(curve, StringComparison.Ordinal)))
                throw KeyUnsupported(source);
            throw Unusable(
                ErrorIds.CertificateUnusable,
                $"The client certificate ({source}) cannot be read. Its password may be wrong or missing, "
                    + "or its key is neither RSA nor ECDSA.",
                "Specify PEM or PKCS#12, and the password of an encrypted certificate with -ClientKeyPassword.",
                source,
                cause
            );
        }
        X509Certificate2 leaf =
            all.FirstOrDefault(c => c.HasPrivateKey) ?? all.FirstOrDefault() ?? throw CertificateUnusable(source, null);
        all.Remove(leaf);
        return (leaf, all);
    }

    private static EtcdException KeyUnsupported(CertificateSource? source) =>
        Unusable(
            ErrorIds.ClientKeyUnsupported,
            "The key of the client certificate is neither RSA nor ECDSA (for example Ed25519), and .NET "
                + "cannot use it for TLS.",
            "Request a client certificate for an RSA or ECDSA key.",
            source
        );

    /// <summary>Returns the PEM of the key, or otherwise the PEM of the certificate file.</summary>
    private static string ReadKeyPem(CertificateSource? key, string? certificatePem)
    {
        string? pem = key is null ? certificatePem : PemText.Of(ReadBytes(key));
        return pem is not null && pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
            ? pem
            : throw Unusable(
                ErrorIds.ClientKeyMissing,
                key is null
                    ? "The client certificate has no key."
                    : $"The client key ({key}) is not a private key in PEM.",
                "Specify the key with -ClientKey.",
                key
            );
    }

    private static X509Certificate2 WithKey(
        X509Certificate2 certificate,
        string keyPem,
        TlsRequest request,
        TlsKeyStore keys
    ) => keys.Persist(Combine(certificate, keyPem, request), request.ClientKey ?? request.ClientCertificate!);

    private static X509Certificate2 Combine(X509Certificate2 certificate, string keyPem, TlsRequest request)
    {
        if (certificate.GetKeyAlgorithm() is not (Rsa or EllipticCurve))
            throw KeyUnsupported(request.ClientCertificate);
        bool isEncrypted = keyPem.Contains("ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal);
        if (isEncrypted && request.ClientKeyPassword is null)
            throw Unusable(
                ErrorIds.ClientKeyEncrypted,
                "The client key is encrypted.",
                "Specify its password with -ClientKeyPassword.",
                request.ClientKey
            );
        if (keyPem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
            throw Unusable(
                ErrorIds.ClientKeyEncrypted,
                "The client key is encrypted in a legacy format that .NET cannot read.",
                "Convert it with 'openssl pkcs8 -topk8'.",
                request.ClientKey
            );

        string certificatePem = certificate.ExportCertificatePem();
        try
        {
            return isEncrypted
                ? X509Certificate2.CreateFromEncryptedPem(
                    certificatePem,
                    keyPem,
                    new NetworkCredential("", request.ClientKeyPassword).Password
                )
                : X509Certificate2.CreateFromPem(certificatePem, keyPem);
        }
        catch (ArgumentException cause)
        {
            throw KeyMismatch(request, cause);
        }
        catch (CryptographicException cause) when (isEncrypted)
        {
            throw Unusable(
                ErrorIds.ClientKeyUnusable,
                "The client key cannot be decrypted with the specified password.",
                "Check -ClientKeyPassword.",
                request.ClientKey,
                cause
            );
        }
        catch (CryptographicException cause)
        {
            throw KeyMismatch(request, cause);
        }
    }

    private static byte[] ReadBytes(CertificateSource source)
    {
        if (source.Pem is not null)
            return System.Text.Encoding.UTF8.GetBytes(source.Pem);
        try
        {
            return LimitedRead.CertificateFile(source.Path!);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Unusable(
                ErrorIds.CertificateFileUnreadable,
                $"The file {source} cannot be read.",
                "Check the path and its permissions.",
                source,
                cause
            );
        }
    }

    private static bool IsPem(byte[] bytes) => PemText.Of(bytes).Contains("-----BEGIN", StringComparison.Ordinal);

    private static EtcdException KeyMismatch(TlsRequest request, Exception cause) =>
        Unusable(
            ErrorIds.ClientKeyMismatch,
            "The client key does not belong to the client certificate.",
            "Specify the key for which the certificate was issued.",
            request.ClientKey ?? request.ClientCertificate,
            cause
        );

    private static EtcdException CertificateUnusable(CertificateSource source, Exception? cause) =>
        Unusable(
            ErrorIds.CertificateUnusable,
            $"{source} contains no usable certificate.",
            "Specify a certificate in PEM, DER or PKCS#12 format.",
            source,
            cause
        );

    private static EtcdException Unusable(
        string id,
        string message,
        string action,
        object? target = null,
        Exception? cause = null
    ) => new(id, EtcdErrorCategory.InvalidArgument, message, action, target, cause);
}
