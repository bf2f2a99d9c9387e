using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>
/// Accepts an intermediate certificate that the user specified as a CA at the end of a chain. .NET requires a root
/// there. <c>issuing_ca</c> of Vault is an example. Source: Go's crypto/x509, where every certificate of the pool can
/// end a chain.
/// </summary>
internal sealed class PartialChainTrust(X509Certificate2Collection authorities)
{
    /// <summary>The errors that are allowed because the specified CA replaces the root.</summary>
    private const X509ChainStatusFlags NoKnownRoot =
        X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    public static bool IsNeededFor(X509Certificate2Collection authorities) =>
        authorities.Any(IsIntermediate) || NamesakeTrust.IsNeededFor(authorities);

    /// <summary>Adds the check to options whose policy trusts the same CAs.</summary>
    public void AddTo(SslClientAuthenticationOptions options)
    {
        X509ChainPolicy policy = options.CertificateChainPolicy!;
        policy.ExtraStore.AddRange(authorities.Where(IsIntermediate).ToArray());

        // Certificates above the CA are not needed. .NET would otherwise download them from the URLs in the
        // certificate.
        policy.DisableCertificateDownloads = true;
        options.RemoteCertificateValidationCallback = Accept;
    }

    /// <exception cref="AuthenticationException">The certificate is not accepted. The message is the one of .NET
    /// without a callback.</exception>
    private bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors switch
        {
            SslPolicyErrors.None => true,
            SslPolicyErrors.RemoteCertificateChainErrors when chain is not null => Accepts(chain)
            || NamesakeTrust.TryEach(authorities, (X509Certificate2)certificate!, chain, Accepts)
                ? true
                : throw new AuthenticationException(
                    $"The remote certificate is invalid because of errors in the certificate chain: {FaultsOf(chain)}"
                ),
            _ => throw new AuthenticationException(
                $"The remote certificate is invalid according to the validation procedure: {errors}"
            ),
        };

    private bool Accepts(X509Chain chain) => (FaultsOf(chain) & ~NoKnownRoot) == 0 && HasAuthority(chain);

    private static X509ChainStatusFlags FaultsOf(X509Chain chain) =>
        chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, next) => all | next.Status);

    /// <summary>
    /// Each certificate of the chain is signed by the next one; otherwise the status of the chain would show it.
    /// </summary>
    private bool HasAuthority(X509Chain chain) =>
        chain.ChainElements.Any(element =>
            authorities.Any(authority =>
                authority.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span)
            )
        );

    private static bool IsIntermediate(X509Certificate2 certificate) =>
        !certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
