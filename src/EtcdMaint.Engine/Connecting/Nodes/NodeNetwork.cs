using System.Net;
using System.Net.Sockets;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>The addresses of a node in the network of the user who looks at it.</summary>
/// <param name="Own">The node's own addresses.</param>
/// <param name="OfName">Those of the host name in the client URL, as the node resolves it; empty where the URL has an
/// address.</param>
internal sealed record NodeNetwork(IReadOnlySet<IPAddress> Own, IReadOnlyList<IPAddress> OfName)
{
    public static readonly NodeNetwork Unknown = new(new HashSet<IPAddress>(), []);

    /// <summary>
    /// The addresses of the endpoint's host that are this node's; none where it may be another machine's.
    /// </summary>
    public IReadOnlyList<IPAddress> Here(EtcdEndpoint endpoint)
    {
        IReadOnlyList<IPAddress> all =
            IPAddress.TryParse(endpoint.Host, out IPAddress? address) ? [address]
            : endpoint.IsLoopback ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : OfName;
        return [.. all.Select(Plain).Where(a => IPAddress.IsLoopback(a) || Own.Contains(a))];
    }

    /// <summary>An IPv4 address as such, also where it is written as one of IPv6.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true }
            ? address.MapToIPv4()
            : address;
}
