using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Transport.Tls;

/// <summary>
/// An intermediate certificate that is given as an authority is trusted for what it signed itself, and nothing else.
/// </summary>
public sealed class PartialChainTrustTests : IDisposable
{
    private static readonly CertificateSubject Subject = new("server")
    {
        HostNames = ["server.test"],
        ForServer = true,
    };

    private readonly CertificateAuthority _root = new("Root");
    private readonly CertificateAuthority _intermediate;

    public PartialChainTrustTests() => _intermediate = _root.IssueIntermediate("Intermediate");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_certificate_that_it_signed_is_trusted() =>
        Assert.Null(await HandshakeAsync(_intermediate.Issue(Subject), _intermediate));

    [Fact]
    public async Task Certificates_of_an_additional_root_are_trusted_too()
    {
        using var other = new CertificateAuthority("Other root");
        Assert.Null(await HandshakeAsync(other.Issue(Subject), _intermediate, other));
        Assert.Null(await HandshakeAsync(_intermediate.Issue(Subject), _intermediate, other));
    }

    [Fact]
    public async Task A_certificate_of_another_authority_with_the_same_name_is_not_trusted()
    {
        using var namesake = new CertificateAuthority("Intermediate");
        Assert.Contains("PartialChain", await HandshakeAsync(namesake.Issue(Subject), _intermediate));
        Assert.NotNull(await HandshakeAsync(Forge(), _intermediate));
    }

    [Fact]
    public async Task Two_authorities_with_the_same_subject_are_both_trusted_in_either_order()
    {
        using var old = new CertificateAuthority("Rotated");
        using var next = new CertificateAuthority("Rotated");
        using var stranger = new CertificateAuthority("Rotated");
        CertificateSubject unmarked = Subject with { HasKeyIdentifier = false };
        foreach (CertificateAuthority signer in new[] { old, next })
        {
            Assert.Null(await HandshakeAsync(signer.Issue(unmarked), old, next));
            Assert.Null(await HandshakeAsync(signer.Issue(unmarked), next, old));
            Assert.Null(await HandshakeAsync(signer.Issue(unmarked), _root, next, old));
        }
        Assert.NotNull(await HandshakeAsync(stranger.Issue(unmarked), old, next));
        Assert.Contains("NotTimeValid", await HandshakeAsync(old.Issue(unmarked.Expired()), old, next));
        Assert.NotNull(await HandshakeAsync(next.Issue(unmarked with { ForServer = false }), old, next));
        Assert.Contains(
            "RemoteCertificateNameMismatch",
            await HandshakeAsync(old.Issue(unmarked with { HostNames = ["other.test"] }), old, next)
        );
    }

    [Fact]
    public async Task A_certificate_that_its_own_root_signed_is_not_trusted() =>
        Assert.Contains("PartialChain", await HandshakeAsync(_root.Issue(Subject), _intermediate));

    [Fact]
    public async Task An_expired_certificate_or_one_for_another_use_is_rejected_with_its_own_reason()
    {
        Assert.Contains("NotTimeValid", await HandshakeAsync(_intermediate.Issue(Subject.Expired()), _intermediate));
        Assert.Contains(
            "NotValidForUsage",
            await HandshakeAsync(_intermediate.Issue(Subject with { ForServer = false }), _intermediate)
        );
        Assert.Contains(
            "RemoteCertificateNameMismatch",
            await HandshakeAsync(_intermediate.Issue(Subject with { HostNames = ["other.test"] }), _intermediate)
        );
    }

    public void Dispose()
    {
        _intermediate.Dispose();
        _root.Dispose();
    }

    /// <summary>A certificate with the name and key ID of the intermediate, signed with another key.</summary>
    private X509Certificate2 Forge()
    {
        using X509Certificate2 copied = X509Certificate2.CreateFromPem(_intermediate.CertificatePem);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(copied, true, false)
        );
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("server.test");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 forged = request.Create(
            copied.SubjectName,
            X509SignatureGenerator.CreateForECDsa(foreign),
            DateTimeOffset.UtcNow.AddHours(-1),
            DateTimeOffset.UtcNow.AddHours(1),
            [1, 2, 3]
        );
        return forged.CopyWithPrivateKey(key);
    }

    /// <summary>Why the client rejects the server's certificate; null if it does not.</summary>
    private static async Task<string?> HandshakeAsync(
        X509Certificate2 server,
        params CertificateAuthority[] authorities
    )
    {
        var tls = new TlsSettings();
        foreach (CertificateAuthority authority in authorities)
            tls.Authorities.Add(X509Certificate2.CreateFromPem(authority.CertificatePem));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, server);
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancellation);
        await using var secured = new SslStream(client.GetStream());
        SslClientAuthenticationOptions options = tls.CreateOptions();
        options.TargetHost = "server.test";
        try
        {
            await secured.AuthenticateAsClientAsync(options, Cancellation);
            return null;
        }
        catch (AuthenticationException refused)
        {
            return refused.Message;
        }
        finally
        {
            client.Close();
            await serving.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using TcpClient accepted = await listener.AcceptTcpClientAsync(Cancellation);
        await using var secured = new SslStream(accepted.GetStream());
        using X509Certificate2 usable = X509CertificateLoader.LoadPkcs12(
            certificate.Export(X509ContentType.Pkcs12),
            null
        );
        await secured.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(usable, null, offline: true),
            },
            Cancellation
        );
        await secured.CopyToAsync(Stream.Null, Cancellation);
    }
}
