using System.Security.Cryptography.X509Certificates;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Transport.Tls;

/// <summary>
/// The key of a client certificate in each of its forms. Only a key from PEM is exported, because Windows needs it in
/// another form: the others may not be exportable there, and are not in these tests.
/// </summary>
public sealed class ClientKeyTests : IDisposable
{
    private const string Password = "secret";

    private readonly CertificateAuthority _authority = new("Test");
    private readonly X509Certificate2 _issued;

    public ClientKeyTests() => _issued = _authority.Issue(new CertificateSubject("client"));

    [Fact]
    public void A_certificate_object_is_used_unchanged()
    {
        using X509Certificate2 given = X509CertificateLoader.LoadPkcs12(
            _issued.Export(X509ContentType.Pkcs12, Password),
            Password
        );
        Assert.Same(given, Load(CertificateSource.FromCertificate(given)));
    }

    [Fact]
    public void A_certificate_from_a_PFX_file_can_sign_with_its_key()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, _issued.Export(X509ContentType.Pkcs12, Password));
            using X509Certificate2 loaded = Load(CertificateSource.FromFile(path));
            AssertSigns(loaded);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_certificate_and_a_key_from_PEM_are_combined()
    {
        using var key = _issued.GetECDsaPrivateKey()!;
        using X509Certificate2 loaded = Load(
            CertificateSource.FromPem($"{_issued.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}")
        );
        AssertSigns(loaded);
    }

    public void Dispose()
    {
        _issued.Dispose();
        _authority.Dispose();
    }

    private static X509Certificate2 Load(CertificateSource client) =>
        TlsLoader
            .Load(
                new TlsRequest
                {
                    ClientCertificate = client,
                    ClientKeyPassword = new System.Net.NetworkCredential("", Password).SecurePassword,
                }
            )
            .Client!;

    private void AssertSigns(X509Certificate2 loaded)
    {
        Assert.Equal(_issued.Thumbprint, loaded.Thumbprint);
        byte[] data = [1, 2, 3];
        using var key = loaded.GetECDsaPrivateKey()!;
        using var known = _issued.GetECDsaPublicKey()!;
        Assert.True(
            known.VerifyData(
                data,
                key.SignData(data, System.Security.Cryptography.HashAlgorithmName.SHA256),
                System.Security.Cryptography.HashAlgorithmName.SHA256
            )
        );
    }
}
