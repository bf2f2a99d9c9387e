using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>
/// Makes the private key of a client certificate usable for TLS. The TLS of Windows runs in another process. It uses a
/// key only from a key store of Windows, and not one that exists only in the memory of this process, such as a key from
/// PEM (dotnet/runtime#23749). Other platforms use both.
/// </summary>
internal sealed class TlsKeyStore
{
    private readonly bool _isNeeded;
    private readonly ImportPkcs12 _import;
    private readonly List<WeakReference<X509Certificate2>> _stored = [];

    /// <param name="isNeeded">Whether TLS needs the key in a key store.</param>
    /// <param name="import">Reads PKCS#12, and puts its keys into the key store if one is needed.</param>
    public TlsKeyStore(bool isNeeded, ImportPkcs12 import)
    {
        _isNeeded = isNeeded;
        _import = import;
    }

    /// <exception cref="CryptographicException">The bytes cannot be read, or the key cannot be stored.</exception>
    public delegate X509Certificate2Collection ImportPkcs12(byte[] bytes, string? password, X509KeyStorageFlags flags);

    public static TlsKeyStore OfThisPlatform { get; } = CreateForThisPlatform();

    /// <summary>
    /// Returns the certificate for TLS if it was created from PEM, in place of the one that is passed.
    /// </summary>
    public X509Certificate2 Persist(X509Certificate2 fromPem, CertificateSource source)
    {
        if (!_isNeeded)
            return fromPem;
        using (fromPem)
            return Store(fromPem, source);
    }

    /// <summary>
    /// Returns the certificate for TLS if the user specified a certificate object: the object itself, unless its key
    /// exists only in memory. A key from a PFX file, a store or a TPM often cannot be exported, and need not be.
    /// </summary>
    public X509Certificate2 PersistGiven(X509Certificate2 given, CertificateSource source) =>
        _isNeeded && OperatingSystem.IsWindows() && IsInMemory(given) ? Store(given, source) : given;

    /// <summary>Reads PKCS#12.</summary>
    /// <exception cref="CryptographicException">The bytes or the password are wrong.</exception>
    public X509Certificate2Collection Read(byte[] bytes, string? password, CertificateSource source)
    {
        X509Certificate2Collection all;
        try
        {
            all = _import(bytes, password, X509KeyStorageFlags.DefaultKeySet);
        }
        catch (CryptographicException cause) when (_isNeeded && IsReadable(bytes, password))
        {
            throw NotStored(source, cause);
        }
        foreach (X509Certificate2 certificate in all.Where(c => c.HasPrivateKey))
            Remember(certificate);
        return all;
    }

    /// <summary>
    /// Disposes the certificates of connections that are still open. Windows then deletes the files of their keys.
    /// </summary>
    public void DisposeAll()
    {
        lock (_stored)
            foreach (WeakReference<X509Certificate2> stored in _stored)
                if (stored.TryGetTarget(out X509Certificate2? certificate))
                    certificate.Dispose();
    }

    /// <summary>.NET runs no finalizers when a process ends, so the files of keys would stay.</summary>
    private static TlsKeyStore CreateForThisPlatform()
    {
        var store = new TlsKeyStore(OperatingSystem.IsWindows(), Import);
        if (store._isNeeded)
            AppDomain.CurrentDomain.ProcessExit += (_, _) => store.DisposeAll();
        return store;
    }

    private static X509Certificate2Collection Import(byte[] bytes, string? password, X509KeyStorageFlags flags)
    {
        var all = new X509Certificate2Collection();
        all.Import(bytes, password, flags);
        return all;
    }

    private X509Certificate2 Store(X509Certificate2 certificate, CertificateSource source)
    {
        byte[] bytes = Export(certificate, source);
        try
        {
            X509Certificate2 stored = _import(bytes, null, X509KeyStorageFlags.DefaultKeySet).Single();
            Remember(stored);
            return stored;
        }
        catch (CryptographicException cause)
        {
            throw NotStored(source, cause);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static byte[] Export(X509Certificate2 certificate, CertificateSource source)
    {
        try
        {
            return certificate.Export(X509ContentType.Pkcs12);
        }
        catch (CryptographicException cause)
        {
            throw new EtcdException(
                ErrorIds.ClientKeyNotExportable,
                EtcdErrorCategory.InvalidArgument,
                $"The key of the client certificate ({source}) exists only in memory and cannot be exported, so TLS on "
                    + "Windows cannot use it.",
                "Load the certificate without EphemeralKeySet or with Exportable, or specify its file.",
                source,
                cause
            );
        }
    }

    /// <summary>
    /// Whether the bytes and the password are right, so that the key store was the reason of a failure.
    /// </summary>
    private bool IsReadable(byte[] bytes, string? password)
    {
        try
        {
            foreach (X509Certificate2 certificate in _import(bytes, password, X509KeyStorageFlags.EphemeralKeySet))
                certificate.Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

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

    private void Remember(X509Certificate2 certificate)
    {
        if (!_isNeeded)
            return;
        lock (_stored)
        {
            _stored.RemoveAll(stored => !stored.TryGetTarget(out _));
            _stored.Add(new WeakReference<X509Certificate2>(certificate));
        }
    }

    private static EtcdException NotStored(CertificateSource source, Exception cause) =>
        new(
            ErrorIds.ClientKeyNotStored,
            EtcdErrorCategory.ResourceUnavailable,
            $"Windows could not save the client key ({source}) in the key store of the account, and its TLS uses no "
                + $"other key: {cause.Message.TrimEnd('.')}.",
            "Check that the account has a user profile and that its disk is not full, or specify a certificate from "
                + "the certificate store of the account.",
            source,
            cause
        );
}
