using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>What TLS needs, read and checked once when the connection is made.</summary>
internal sealed class TlsSettings
{
    public static readonly TlsSettings None = new();

    private readonly Lazy<SslStreamCertificateContext?> _clientContext;

    public TlsSettings() => _clientContext = new Lazy<SslStreamCertificateContext?>(CreateClientContext);

    /// <summary>The authorities to trust instead of the machine's own; empty for the machine's own.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    public X509Certificate2? Client { get; init; }

    /// <summary>What the client sends along with its certificate, so that the server can build the chain.</summary>
    public X509Certificate2Collection Intermediates { get; init; } = [];

    /// <summary>The name to verify instead of the host that is dialled.</summary>
    public string? ServerName { get; init; }

    public bool SkipCertificateCheck { get; init; }

    public SslClientAuthenticationOptions CreateOptions()
    {
        var options = new SslClientAuthenticationOptions();
        options.ClientCertificateContext = _clientContext.Value;
        if (SkipCertificateCheck)
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        // A policy keeps the reason of a refusal in the exception; a validation callback that says no would swallow it.
        else if (Authorities.Count > 0)
        {
            options.CertificateChainPolicy = CreatePolicy();
            if (PartialChainTrust.IsNeededFor(Authorities))
                new PartialChainTrust(Authorities).AddTo(options);
        }
        return options;
    }

    /// <summary>
    /// One for all connections: building the chain costs, and only connections of one context resume each other's
    /// sessions.
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
