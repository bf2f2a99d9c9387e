using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// Selects the advertised URLs of members that are tried in addition to the endpoints that the user specified.
/// </summary>
internal sealed class AdvertisedEndpoints(IReadOnlyList<EtcdEndpoint> given, bool hasPassword)
{
    public IEnumerable<EtcdEndpoint> Choose(MemberEntry member) =>
        Read(member).Where(e => IsHere(e) && IsSafe(e)).Except(given);

    /// <summary>Returns why a URL of the member is not tried without TLS, or null if all URLs are tried.</summary>
    public string? WhyNotTried(MemberEntry member) =>
        Read(member).FirstOrDefault(e => IsHere(e) && !IsSafe(e)) is not { } unsafeOne
            ? null
            : $"its URL {unsafeOne} is not tried, because "
                + $"{(hasPassword ? "the password would be sent" : "this connection must not continue")} "
                + "without TLS";

    private static IEnumerable<EtcdEndpoint> Read(MemberEntry member) =>
        member.ClientUrls.Select(EtcdEndpoint.TryParse).OfType<EtcdEndpoint>();

    /// <summary>A loopback address refers to this machine only if the user specified a loopback address.</summary>
    private bool IsHere(EtcdEndpoint advertised) => !advertised.IsLoopback || given.Any(g => g.IsLoopback);

    /// <summary>
    /// A cluster that was specified with TLS is never called without TLS. A password is sent over the network without
    /// TLS only if the user specified such an endpoint and received the warning.
    /// </summary>
    private bool IsSafe(EtcdEndpoint advertised) =>
        advertised.IsTls || given.Any(g => !g.IsTls && (!hasPassword || advertised.IsLoopback || !g.IsLoopback));
}
