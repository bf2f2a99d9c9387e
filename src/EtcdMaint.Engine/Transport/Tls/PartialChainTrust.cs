using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>
/// Takes an intermediate that was given as an authority for the end of a chain; .NET wants a root there. Vault's
/// <c>issuing_ca</c> is one. Source: Go's crypto/x509, where every certificate of the pool ends a chain.
/// </summary>
internal sealed class PartialChainTrust(X509Certificate2Collection authorities)
{
    /// <summary>All that a chain may lack, or have in place of a root that was given.</summary>
    private const X509ChainStatusFlags NoKnownRoot =
        X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    public static bool IsNeededFor(X509Certificate2Collection authorities) =>
        authorities.Any(IsIntermediate) || NamesakeTrust.IsNeededFor(authorities);

    /// <summary>To options whose policy trusts the same authorities.</summary>
    public void AddTo(SslClientAuthenticationOptions options)
    {
        X509ChainPolicy policy = options.CertificateChainPolicy!;
        policy.ExtraStore.AddRange(authorities.Where(IsIntermediate).ToArray());

        // What stands above the authority is of no interest, and would be looked for wherever its certificate says.
        policy.DisableCertificateDownloads = true;
        options.RemoteCertificateValidationCallback = Accept;
    }

    /// <exception cref="AuthenticationException">It is not accepted, for the reason that .NET gives where no callback
    /// is.</exception>
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

    /// <summary>Each certificate of the chain is signed by the next one, or its status would say otherwise.</summary>
    private bool HasAuthority(X509Chain chain) =>
        chain.ChainElements.Any(element =>
            authorities.Any(authority =>
                authority.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span)
            )
        );

    private static bool IsIntermediate(X509Certificate2 certificate) =>
        !certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
