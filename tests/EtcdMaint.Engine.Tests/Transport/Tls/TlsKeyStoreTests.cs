using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Transport.Tls;

/// <summary>Windows needs keys in a key store, which these tests replace so that they run on every platform.</summary>
public sealed class TlsKeyStoreTests : IDisposable
{
    private const string Full = "There is not enough space on the disk.";

    private readonly CertificateAuthority _authority = new("Test");
    private readonly X509Certificate2 _issued;
    private readonly string _pem;
    private readonly string _path = Path.GetTempFileName();

    public TlsKeyStoreTests()
    {
        _issued = _authority.Issue(new CertificateSubject("client"));
        using ECDsa key = _issued.GetECDsaPrivateKey()!;
        _pem = $"{_issued.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}";
    }

    [Fact]
    public void A_key_from_PEM_is_stored_and_can_sign()
    {
        using TlsSettings tls = Load(CertificateSource.FromPem(_pem), new TlsKeyStore(isNeeded: true, Import));
        Assert.Equal(_issued.Thumbprint, tls.Client!.Thumbprint);
        using ECDsa key = tls.Client.GetECDsaPrivateKey()!;
        Assert.NotEmpty(key.SignHash(new byte[32]));
    }

    [Fact]
    public void A_key_store_that_fails_is_not_reported_as_a_key_that_does_not_match()
    {
        EtcdException error = Refused(CertificateSource.FromPem(_pem), new TlsKeyStore(isNeeded: true, FailToStore));
        Assert.Equal("ClientKeyNotStored", error.ErrorId);
        Assert.Contains(Full, error.Message);
        Assert.DoesNotContain("PRIVATE KEY", error.ToString());
    }

    [Fact]
    public void A_key_store_that_fails_is_not_reported_as_a_wrong_password_of_a_PFX_file()
    {
        File.WriteAllBytes(_path, _issued.Export(X509ContentType.Pkcs12, "right"));
        var store = new TlsKeyStore(isNeeded: true, FailToStore);
        Assert.Equal("ClientKeyNotStored", Refused(CertificateSource.FromFile(_path), store, "right").ErrorId);
        Assert.Equal("CertificateUnusable", Refused(CertificateSource.FromFile(_path), store, "wrong").ErrorId);
    }

    [Fact]
    public void A_kubeconfig_reports_the_failed_key_store_too()
    {
        using ECDsa key = _issued.GetECDsaPrivateKey()!;
        EtcdException error = Assert.Throws<EtcdException>(() =>
            KubeCertificate.Load(
                _issued.ExportCertificatePem(),
                key.ExportPkcs8PrivateKeyPem(),
                new TlsKeyStore(isNeeded: true, FailToStore)
            )
        );
        Assert.Equal("ClientKeyNotStored", error.ErrorId);
    }

    [Fact]
    public void A_key_that_cannot_be_exported_has_its_own_error()
    {
        // A disposed certificate fails at the export, as one with a key that may not leave the memory does on Windows.
        X509Certificate2 closed = X509CertificateLoader.LoadCertificate(_issued.RawData);
        closed.Dispose();
        EtcdException error = Assert.Throws<EtcdException>(() =>
            new TlsKeyStore(isNeeded: true, Import).Persist(closed, CertificateSource.FromCertificate(closed))
        );
        Assert.Equal("ClientKeyNotExportable", error.ErrorId);
        Assert.Contains("Exportable", error.RecommendedAction);
    }

    [Fact]
    public void A_certificate_object_with_a_key_in_memory_is_reported_on_Windows_unless_it_can_be_exported()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Only Windows cannot use such a key for TLS.");
        byte[] pfx = _issued.Export(X509ContentType.Pkcs12);
        using X509Certificate2 fixedInMemory = X509CertificateLoader.LoadPkcs12(
            pfx,
            null,
            X509KeyStorageFlags.EphemeralKeySet
        );
        using X509Certificate2 exportable = X509CertificateLoader.LoadPkcs12(
            pfx,
            null,
            X509KeyStorageFlags.EphemeralKeySet | X509KeyStorageFlags.Exportable
        );
        Assert.Equal(
            "ClientKeyNotExportable",
            Refused(CertificateSource.FromCertificate(fixedInMemory), TlsKeyStore.OfThisPlatform).ErrorId
        );
        using TlsSettings tls = Load(CertificateSource.FromCertificate(exportable), TlsKeyStore.OfThisPlatform);
        Assert.NotSame(exportable, tls.Client);
    }

    [Fact]
    public void A_certificate_object_that_was_disposed_is_reported_as_unusable()
    {
        X509Certificate2 closed = X509CertificateLoader.LoadCertificate(_issued.RawData);
        closed.Dispose();
        Assert.Equal(
            "CertificateUnusable",
            Refused(CertificateSource.FromCertificate(closed), TlsKeyStore.OfThisPlatform).ErrorId
        );
    }

    [Fact]
    public void Stored_keys_of_open_connections_are_disposed_at_the_end_of_the_process()
    {
        var store = new TlsKeyStore(isNeeded: true, Import);
        TlsSettings tls = Load(CertificateSource.FromPem(_pem), store);
        Assert.NotEqual(IntPtr.Zero, tls.Client!.Handle);
        store.DisposeAll();
        Assert.Equal(IntPtr.Zero, tls.Client.Handle);
        Assert.Equal("CN=client", tls.Identity!.Subject);
    }

    public void Dispose()
    {
        File.Delete(_path);
        _issued.Dispose();
        _authority.Dispose();
    }

    private static TlsSettings Load(CertificateSource client, TlsKeyStore store, string? password = null) =>
        TlsLoader.Load(
            new TlsRequest
            {
                ClientCertificate = client,
                ClientKeyPassword = password is null ? null : RealCluster.Secret(password),
            },
            store
        );

    private static EtcdException Refused(CertificateSource client, TlsKeyStore store, string? password = null) =>
        Assert.Throws<EtcdException>(() => Load(client, store, password));

    private static X509Certificate2Collection Import(byte[] bytes, string? password, X509KeyStorageFlags flags) =>
        X509CertificateLoader.LoadPkcs12Collection(bytes, password, flags);

    /// <summary>A key store that is full. The bytes can still be read into memory.</summary>
    private static X509Certificate2Collection FailToStore(byte[] bytes, string? password, X509KeyStorageFlags flags) =>
        flags.HasFlag(X509KeyStorageFlags.EphemeralKeySet)
            ? Import(bytes, password, X509KeyStorageFlags.DefaultKeySet)
            : throw new CryptographicException(Full);
}
