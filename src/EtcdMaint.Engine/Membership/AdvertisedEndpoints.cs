using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// Chooses which of the URLs that members advertise are tried besides the endpoints that the user gave.
/// </summary>
internal sealed class AdvertisedEndpoints(IReadOnlyList<EtcdEndpoint> given, bool hasPassword)
{
    public IEnumerable<EtcdEndpoint> Choose(MemberEntry member) =>
        Read(member).Where(e => IsHere(e) && IsSafe(e)).Except(given);

    /// <summary>Why a URL of the member is not tried for want of TLS; null when all are tried.</summary>
    public string? WhyNotTried(MemberEntry member) =>
        Read(member).FirstOrDefault(e => IsHere(e) && !IsSafe(e)) is not { } unsafeOne
            ? null
            : $"its URL {unsafeOne} is not tried, because "
                + $"{(hasPassword ? "the password would be sent" : "this connection must not be continued")} "
                + "without TLS";

    private static IEnumerable<EtcdEndpoint> Read(MemberEntry member) =>
        member.ClientUrls.Select(EtcdEndpoint.TryParse).OfType<EtcdEndpoint>();

    /// <summary>A loopback address means this machine only where one was given.</summary>
    private bool IsHere(EtcdEndpoint advertised) => !advertised.IsLoopback || given.Any(g => g.IsLoopback);

    /// <summary>
    /// A cluster that was given over TLS is never talked to without. A password goes over the network without TLS only
    /// where the user gave such an endpoint, and was warned.
    /// </summary>
    private bool IsSafe(EtcdEndpoint advertised) =>
        advertised.IsTls || given.Any(g => !g.IsTls && (!hasPassword || advertised.IsLoopback || !g.IsLoopback));
}
