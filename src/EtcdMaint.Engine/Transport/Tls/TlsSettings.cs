using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>
/// The TLS settings, read and checked once when the connection is made. The connection disposes them: Windows keeps the
/// file of a loaded key until its certificate is disposed.
/// </summary>
internal sealed class TlsSettings : IDisposable
{
    public static readonly TlsSettings None = new();

    private readonly Lazy<SslStreamCertificateContext?> _clientContext;

    public TlsSettings() => _clientContext = new Lazy<SslStreamCertificateContext?>(CreateClientContext);

    /// <summary>The CAs to trust instead of those of the machine; empty to use those of the machine.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    public X509Certificate2? Client
    {
        get;
        init
        {
            field = value;
            Identity = value is null ? null : ClientIdentity.Of(value);
        }
    }

    /// <summary>The content of the client certificate, or null without one.</summary>
    public ClientIdentity? Identity { get; private init; }

    /// <summary>The certificates that the client sends with its own, so that the server can build the chain.</summary>
    public X509Certificate2Collection Intermediates { get; init; } = [];

    /// <summary>The name to verify instead of the host of the endpoint.</summary>
    public string? ServerName { get; init; }

    public bool SkipCertificateCheck { get; init; }

    /// <summary>
    /// The certificates that were loaded for these settings. A certificate object that the user specified belongs to
    /// the user, who may use it again.
    /// </summary>
    public IReadOnlyList<X509Certificate2> Owned { get; init; } = [];

    public SslClientAuthenticationOptions CreateOptions()
    {
        var options = new SslClientAuthenticationOptions();
        options.ClientCertificateContext = _clientContext.Value;
        if (SkipCertificateCheck)
#pragma warning disable CA5359 // The user asked for it with -SkipCertificateCheck.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        // With a policy, the exception contains the reason of a refusal. A validation callback that returns false would
        // lose it.
        else if (Authorities.Count > 0)
        {
            options.CertificateChainPolicy = CreatePolicy();
            if (PartialChainTrust.IsNeededFor(Authorities))
                new PartialChainTrust(Authorities).AddTo(options);
        }
        return options;
    }

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in Owned)
            certificate.Dispose();
    }

    /// <summary>
    /// Creates one context for all connections. Building the chain takes time, and only connections of one context can
    /// resume each other's sessions.
    /// </summary>
    private SslStreamCertificateContext? CreateClientContext() =>
        Client is null ? null : SslStreamCertificateContext.Create(Client, Intermediates, offline: true);

    private X509ChainPolicy CreatePolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(Authorities);
        return policy;
    }
}
