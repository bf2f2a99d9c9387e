using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Transport.Tls;

/// <summary>Certificate files as other programs write them.</summary>
public sealed class CertificateFileTests : IDisposable
{
    private static readonly Encoding[] Marked =
    [
        new UTF8Encoding(true),
        new UnicodeEncoding(false, true),
        new UnicodeEncoding(true, true),
    ];

    // Made with 'openssl req -x509 -newkey ed25519'.
    private const string Ed25519Certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBNjCB6aADAgECAhRJi0wDlVXAbyc6oo2PDi8KHaT1tzAFBgMrZXAwETEPMA0G
        A1UEAwwGY2xpZW50MB4XDTI2MTEyODEzNDg0NVoXDTM2MTEyNTEzNDg0NVowETEP
        MA0GA1UEAwwGY2xpZW50MCowBQYDK2VwAyEALtfBzVYZFIWmAgB/5DpL9yrp6wk/
        Xrr2a/CrYatJ08KjUzBRMB0GA1UdDgQWBBRF9AKPv+VciVH0qsld99xFb5Nf/TAf
        BgNVHSMEGDAWgBRF9AKPv+VciVH0qsld99xFb5Nf/TAPBgNVHRMBAf8EBTADAQH/
        MAUGAytlcANBAPZJ/Qel10WhrqutMciOQ7Sv3W9rwSYlzQ7tvNsZY2ppq4q2kWRS
        rlfoegx7v+hhElPHsMgPIPa+YhoXfp1+XQ8=
        -----END CERTIFICATE-----
        """;

    // Made with 'openssl pkcs12 -export' of such a key; its password is pw.
    private const string Ed25519Pfx = """
        MIIDZgIBAzCCAxwGCSqGSIb3DQEHAaCCAw0EggMJMIIDBTCCAhIGCSqGSIb3DQEHBqCCAgMwggH/AgEAMIIB+AYJKoZIhvcNAQcB
        MFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhYV4yJbbAHdQICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAY5
        jRVFBuk2vKM5xWBC/DuAggGQCm66d94zBnATk0RJ0nT7ycSjbYz0hMaofjjyYQyZ3gmPxJDt1iK1uWJLpDlNnvY9xDSynvYjJ/WF
        qb6jZYdGxgBPp7pZfxRc1l21U6ePEGjaVWwZB5Eutstb2WacJ2urgg9wwC4mag3bHibciIf9o4XYFHVRS9D7Rkx//aGr9kIeZdmM
        Xf8/Sfncs5WdVWcjzNTwnl86RTsba/cV9k7T/5MrePpQAlAX9AKxcastaYnWFjC5vdeFrls6fSiCBbRxw0ByuAuKwKhExfvS+594
        4hIjF9nTGKTUwo+OogHt6Vn6jgjbueSDJ9CaFFTyaQraDPceIsju0ohgxpNQqFUIgSD+R2pfhXEu6JXc5L8BJ1kfQ97hxIS9NtDH
        VR3aPMxmlQ89wnrbpszFIT1aVAtrRN0Mm0mSf9N/xK8fBdrl5Wm4cvfHzy5TnRpxzhwmh5oNWV3hPI8oSG9IGsdi9K0QcvxxLAXa
        p+yJwER8ZIfWFThGDOmRpJYt+yeabLdM3/JRzHtc3KFU/5fhg8wNPIfnkzCB7AYJKoZIhvcNAQcBoIHeBIHbMIHYMIHVBgsqhkiG
        9w0BDAoBAqCBnjCBmzBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIQxM2I+7VW1ICAggAMAwGCCqGSIb3DQIJBQAwHQYJ
        YIZIAWUDBAEqBBDkRYkibt5V4PnkVeJAkZQyBECUiQzvdA96Lx8kIQv0Eh2ynCjKOZuwoZNf7NE+jxeD0sKtevNo5jaFEA8Kn1HM
        udwZzzPLmUWDl5aVhelThel7MSUwIwYJKoZIhvcNAQkVMRYEFDF1PSqiALRSthSwGkGZhj6zwV20MEEwMTANBglghkgBZQMEAgEF
        AAQgVLWhg8FCZKlcXKcvtP3JzGMoOJJ2bqYbAnurDY1BUvMECPGe9+2LcR8+AgIIAA==
        """;

    private const string Ed25519Key = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEILFxk3xTf4pFmc49Iq/z1sF9nxHRw9C9SZM0cdU0abj/
        -----END PRIVATE KEY-----
        """;

    private readonly string _path = Path.GetTempFileName();
    private readonly CertificateAuthority _root = new("Root");
    private readonly CertificateAuthority _intermediate;

    public CertificateFileTests() => _intermediate = _root.IssueIntermediate("Intermediate");

    [Theory]
    [InlineData("secret")]
    [InlineData(null)]
    public void The_intermediates_of_a_PFX_file_are_sent(string? password)
    {
        using X509Certificate2 client = _intermediate.Issue(new CertificateSubject("client"));
        var all = new X509Certificate2Collection
        {
            X509Certificate2.CreateFromPem(_root.CertificatePem),
            X509Certificate2.CreateFromPem(_intermediate.CertificatePem),
            client,
        };
        File.WriteAllBytes(_path, all.Export(X509ContentType.Pkcs12, password)!);
        TlsSettings tls = TlsLoader.Load(
            new TlsRequest
            {
                ClientCertificate = CertificateSource.FromFile(_path),
                ClientKeyPassword = password is null
                    ? null
                    : new System.Net.NetworkCredential("", password).SecurePassword,
            }
        );
        Assert.Equal(client.Thumbprint, tls.Client!.Thumbprint);
        Assert.True(tls.Client.HasPrivateKey);
        Assert.Contains(
            X509Certificate2.CreateFromPem(_intermediate.CertificatePem).Thumbprint,
            tls.CreateOptions().ClientCertificateContext!.IntermediateCertificates.Select(c => c.Thumbprint)
        );
    }

    [Fact]
    public void A_byte_order_mark_before_PEM_is_skipped()
    {
        using X509Certificate2 client = _intermediate.Issue(new CertificateSubject("client"));
        using ECDsa key = client.GetECDsaPrivateKey()!;
        string keyPath = _path + ".key";
        try
        {
            foreach (Encoding encoding in Marked)
            {
                File.WriteAllText(_path, client.ExportCertificatePem(), encoding);
                File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem(), encoding);
                TlsSettings tls = TlsLoader.Load(
                    new TlsRequest
                    {
                        CACertificate = CertificateSource.FromFile(_path),
                        ClientCertificate = CertificateSource.FromFile(_path),
                        ClientKey = CertificateSource.FromFile(keyPath),
                    }
                );
                Assert.Equal(client.Thumbprint, Assert.Single(tls.Authorities).Thumbprint);
                Assert.True(tls.Client!.HasPrivateKey);
            }
        }
        finally
        {
            File.Delete(keyPath);
        }
    }

    [Fact]
    public void A_key_type_that_NET_does_not_support_is_not_reported_as_a_mismatch()
    {
        EtcdException error = Assert.Throws<EtcdException>(() =>
            TlsLoader.Load(
                new TlsRequest
                {
                    ClientCertificate = CertificateSource.FromPem(Ed25519Certificate),
                    ClientKey = CertificateSource.FromPem(Ed25519Key),
                }
            )
        );
        Assert.Equal("ClientKeyUnsupported", error.ErrorId);
        Assert.Contains("Ed25519", error.Message);
    }

    [Fact]
    public void A_PFX_file_with_a_key_that_NET_does_not_support_has_its_own_error()
    {
        File.WriteAllBytes(_path, Convert.FromBase64String(Ed25519Pfx));
        Assert.Equal("ClientKeyUnsupported", Load("pw").ErrorId);
        Assert.Equal("CertificateUnusable", Load("another").ErrorId);

        EtcdException Load(string password) =>
            Assert.Throws<EtcdException>(() =>
                TlsLoader.Load(
                    new TlsRequest
                    {
                        ClientCertificate = CertificateSource.FromFile(_path),
                        ClientKeyPassword = RealCluster.Secret(password),
                    }
                )
            );
    }

    [Fact]
    public void Rejects_an_endless_file()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "There is no /dev/zero.");
        EtcdException error = Assert.Throws<EtcdException>(() =>
            TlsLoader.Load(new TlsRequest { CACertificate = CertificateSource.FromFile("/dev/zero") })
        );
        Assert.Equal("CertificateFileUnreadable", error.ErrorId);
    }

    [Fact]
    public void Any_damage_to_a_file_gives_certificates_or_an_error_with_an_ID()
    {
        using X509Certificate2 client = _intermediate.Issue(new CertificateSubject("client"));
        using ECDsa key = client.GetECDsaPrivateKey()!;
        byte[][] files =
        [
            Encoding.UTF8.GetBytes(client.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem()),
            client.Export(X509ContentType.Pkcs12),
            client.RawData,
        ];
        var random = new Random(18);
        for (int round = 0; round < 1500; round++)
        {
            byte[] damaged = [.. files[round % files.Length]];
            for (int change = random.Next(1, 5); change > 0; change--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(_path, damaged[..random.Next(damaged.Length / 2, damaged.Length + 1)]);
            var source = CertificateSource.FromFile(_path);
            foreach (
                TlsRequest request in new[]
                {
                    new TlsRequest { ClientCertificate = source },
                    new TlsRequest { CACertificate = source },
                }
            )
            {
                Exception? error = Record.Exception(() => TlsLoader.Load(request));
                Assert.True(error is null or EtcdException, $"{error}");
            }
        }
    }

    public void Dispose()
    {
        File.Delete(_path);
        _intermediate.Dispose();
        _root.Dispose();
    }
}
