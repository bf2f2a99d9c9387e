using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>
/// Tries each of several CAs with the same subject, for example while a root is being replaced. If a certificate has no
/// key identifier, OpenSSL, and therefore .NET, tries only the first of them. Source: Go's crypto/x509, which tries all
/// of them.
/// </summary>
internal static class NamesakeTrust
{
    /// <summary>More than any rotation needs.</summary>
    private const int MostTries = 32;

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    public static bool IsNeededFor(X509Certificate2Collection authorities) =>
        BySubject(authorities).Any(namesakes => namesakes.Length > 1);

    /// <summary>Builds the chain again with one CA of each subject until one chain is accepted.</summary>
    /// <param name="authorities">All trusted CAs.</param>
    /// <param name="certificate">The certificate of the server.</param>
    /// <param name="refused">The chain that was refused. It contains the certificates that the server sent.</param>
    /// <param name="accepts">Decides whether a chain is accepted.</param>
    public static bool TryEach(
        X509Certificate2Collection authorities,
        X509Certificate2 certificate,
        X509Chain refused,
        Func<X509Chain, bool> accepts
    ) =>
        IsNeededFor(authorities)
        && Choices(authorities).Take(MostTries).Any(chosen => Try(chosen, certificate, refused, accepts));

    private static bool Try(
        IEnumerable<X509Certificate2> chosen,
        X509Certificate2 certificate,
        X509Chain refused,
        Func<X509Chain, bool> accepts
    )
    {
        X509Certificate2[] trusted = [.. chosen];
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.ExtraStore.AddRange(trusted);
        HashSet<string> known =
        [
            .. BySubject(refused.ChainPolicy.CustomTrustStore).SelectMany(all => all).Select(c => c.Thumbprint),
        ];
        chain.ChainPolicy.ExtraStore.AddRange(
            refused.ChainPolicy.ExtraStore.Where(sent => !known.Contains(sent.Thumbprint)).ToArray()
        );
        chain.Build(certificate);
        return accepts(chain);
    }

    private static IEnumerable<IEnumerable<X509Certificate2>> Choices(X509Certificate2Collection authorities) =>
        BySubject(authorities)
            .Aggregate(
                Enumerable.Repeat(Enumerable.Empty<X509Certificate2>(), 1),
                (choices, namesakes) => choices.SelectMany(choice => namesakes.Select(one => choice.Append(one)))
            );

    private static IEnumerable<X509Certificate2[]> BySubject(X509Certificate2Collection authorities) =>
        authorities
            .DistinctBy(a => a.Thumbprint)
            .GroupBy(a => Convert.ToHexString(a.SubjectName.RawData))
            .Select(group => group.ToArray());
}
