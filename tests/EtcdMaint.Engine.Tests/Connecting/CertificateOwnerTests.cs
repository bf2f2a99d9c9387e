using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Connecting.Endpoint;
using EtcdMaint.Engine.Connecting.Kubernetes;
using EtcdMaint.Engine.Connecting.Ssh;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting;

/// <summary>
/// A connection disposes the certificates that it loaded, over every access, and never one that the user passed.
/// </summary>
public sealed class CertificateOwnerTests : IDisposable
{
    private readonly CertificateAuthority _authority = new("Test");
    private readonly X509Certificate2 _issued;
    private readonly string _certificatePem;
    private readonly string _keyPem;

    public CertificateOwnerTests()
    {
        _issued = _authority.Issue(new CertificateSubject("client"));
        using ECDsa key = _issued.GetECDsaPrivateKey()!;
        _certificatePem = _issued.ExportCertificatePem();
        _keyPem = key.ExportPkcs8PrivateKeyPem();
    }

    [Fact]
    public async Task A_connection_to_endpoints_disposes_them()
    {
        TlsSettings tls = Load();
        var source = new EndpointMemberSource([Nowhere], true, tls, null, new TcpDialer());
        await source.DisposeAsync();
        AssertDisposed(tls);
    }

    [Fact]
    public async Task A_connection_through_ssh_disposes_them()
    {
        TlsSettings tls = Load();
        await new SshMemberSource([], [], [], null, null, tls, runsPrograms: false).DisposeAsync();
        AssertDisposed(tls);
    }

    [Fact]
    public void A_connection_through_an_API_server_disposes_them_and_those_of_the_kubeconfig()
    {
        TlsSettings tls = Load();
        new ForwardedPodClients(null!, tls, null).Dispose();
        AssertDisposed(tls);

        TlsSettings client = KubeCertificate.Load(_certificatePem, _keyPem);
        X509Certificate2 authority = X509Certificate2.CreateFromPem(_authority.CertificatePem);
        new ApiServer(
            new ApiServerSettings
            {
                Server = new Uri("https://127.0.0.1:1"),
                Name = "test",
                Client = client,
                Authorities = [authority],
            }
        ).Dispose();
        AssertDisposed(client);
        Assert.Equal(IntPtr.Zero, authority.Handle);
    }

    [Fact]
    public async Task The_metrics_beside_a_local_etcdctl_dispose_them()
    {
        TlsSettings? tls = null;
        using (var source = new HttpMetricsSource(Nowhere, new TcpDialer(), () => tls = Load()))
            await Assert.ThrowsAsync<DialException>(() =>
                source.ReadAsync(new CallBudget(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken))
            );
        AssertDisposed(tls!);
    }

    [Fact]
    public void Certificate_objects_of_the_user_stay_open()
    {
        X509Certificate2 authority = X509Certificate2.CreateFromPem(_authority.CertificatePem);
        TlsLoader
            .Load(
                new TlsRequest
                {
                    CACertificate = CertificateSource.FromCertificate(authority),
                    ClientCertificate = CertificateSource.FromCertificate(_issued),
                }
            )
            .Dispose();
        Assert.NotEqual(IntPtr.Zero, authority.Handle);
        Assert.NotEqual(IntPtr.Zero, _issued.Handle);

        // The key makes a new certificate, which is not the object of the user.
        using X509Certificate2 withoutKey = X509Certificate2.CreateFromPem(_certificatePem);
        TlsSettings combined = TlsLoader.Load(
            new TlsRequest
            {
                ClientCertificate = CertificateSource.FromCertificate(withoutKey),
                ClientKey = CertificateSource.FromPem(_keyPem),
            }
        );
        combined.Dispose();
        AssertDisposed(combined);
        Assert.NotEqual(IntPtr.Zero, withoutKey.Handle);
    }

    public void Dispose()
    {
        _issued.Dispose();
        _authority.Dispose();
    }

    private static EtcdEndpoint Nowhere => EtcdEndpoint.Parse("https://127.0.0.1:1", true);

    private TlsSettings Load()
    {
        TlsSettings tls = TlsLoader.Load(
            new TlsRequest
            {
                CACertificate = CertificateSource.FromPem(_authority.CertificatePem),
                ClientCertificate = CertificateSource.FromPem($"{_certificatePem}\n{_authority.CertificatePem}"),
                ClientKey = CertificateSource.FromPem(_keyPem),
            }
        );
        Assert.NotEqual(IntPtr.Zero, tls.Client!.Handle);
        return tls;
    }

    private static void AssertDisposed(TlsSettings tls)
    {
        Assert.Equal(IntPtr.Zero, tls.Client!.Handle);
        Assert.All(tls.Intermediates, c => Assert.Equal(IntPtr.Zero, c.Handle));
        Assert.All(tls.Authorities, c => Assert.Equal(IntPtr.Zero, c.Handle));
    }
}
