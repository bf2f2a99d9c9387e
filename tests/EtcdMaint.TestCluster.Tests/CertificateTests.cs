using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.TestCluster.Tests;

public sealed class CertificateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accepts_valid_certificates_and_rejects_invalid_ones_with_a_specific_reason()
    {
        // 3.4 rejects every invalid client certificate with the same alert.
        var binaries = await Releases.OrSkipAsync("3.5");
        await using var cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual, Binaries = binaries },
            Cancellation
        );
        var certificates = cluster.Certificates!;
        Assert.Equal("", await ProblemAsync(cluster, certificates.Client));

        Assert.Contains("certificate expired", await ProblemAsync(cluster, certificates.ExpiredClient()));
        Assert.Contains("unknown ca", await ProblemAsync(cluster, certificates.ForeignClient()));
        Assert.Contains("certificate required", await ProblemAsync(cluster, null));

        cluster.PresentServerCertificate(certificates.ExpiredServer());
        Assert.Contains("NotTimeValid", await ProblemAsync(cluster, certificates.Client));
        cluster.PresentServerCertificate(certificates.ServerForName("etcd.example"));
        Assert.Contains("RemoteCertificateNameMismatch", await ProblemAsync(cluster, certificates.Client));
        cluster.PresentServerCertificate(null);
        Assert.Equal("", await ProblemAsync(cluster, certificates.Client));
    }

    [Fact]
    public async Task Keys_are_private_and_available_in_every_form()
    {
        await using var cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual, ClientCommonName = "someone" },
            Cancellation
        );
        var certificates = cluster.Certificates!;
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(certificates.Client.Key));

        var encrypted = certificates.EncryptedKey("secret");
        Assert.Contains("BEGIN ENCRYPTED PRIVATE KEY", encrypted.KeyPem);
        using var decrypted = X509Certificate2.CreateFromEncryptedPemFile(
            encrypted.Certificate,
            "secret",
            encrypted.Key
        );
        using var pfx = X509CertificateLoader.LoadPkcs12FromFile(certificates.ClientPfx("secret"), "secret");
        Assert.Equal("CN=someone", decrypted.Subject);
        Assert.Equal(decrypted.Thumbprint, pfx.Thumbprint);

        var mismatched = certificates.MismatchedKey();
        Assert.ThrowsAny<Exception>(() => X509Certificate2.CreateFromPemFile(mismatched.Certificate, mismatched.Key));
        Assert.Contains(
            "CN=limited",
            X509Certificate2.CreateFromPem(certificates.ClientNamed("limited").CertificatePem).Subject
        );
    }

    /// <summary>The TLS error that a client receives, or an empty string.</summary>
    /// <remarks>
    /// With TLS 1.3 the client finishes the handshake before the server has checked its certificate, and a client that
    /// then writes gets a closed connection instead of the reason: so this client only reads, for as long as the alert
    /// takes.
    /// </remarks>
    private static async Task<string> ProblemAsync(TestEtcdCluster cluster, CertificateFiles? client)
    {
        var trusted = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trusted.CustomTrustStore.ImportFromPemFile(cluster.Certificates!.Ca);
        var options = new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = trusted };
        if (client is not null)
            options.ClientCertificates = [X509Certificate2.CreateFromPemFile(client.Certificate, client.Key)];

        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", new Uri(cluster.ClientUrls[0]).Port, Cancellation);
        await using var tls = new SslStream(tcp.GetStream());
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        try
        {
            await tls.AuthenticateAsClientAsync(options, Cancellation);
            silence.CancelAfter(TimeSpan.FromMilliseconds(300));
            _ = await tls.ReadAsync(new byte[1], silence.Token);
            return "closed without an alert";
        }
        catch (OperationCanceledException)
        {
            return "";
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            return error.ToString();
        }
    }
}
