using System.Net;
using System.Net.Sockets;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>The addresses of a node in the network of the user who is logged in.</summary>
/// <param name="Own">The addresses of the node.</param>
/// <param name="OfName">The addresses of the host name in the client URL, as the node resolves it; empty if the URL
/// contains an address.</param>
internal sealed record NodeNetwork(IReadOnlySet<IPAddress> Own, IReadOnlyList<IPAddress> OfName)
{
    public static readonly NodeNetwork Unknown = new(new HashSet<IPAddress>(), []);

    /// <summary>
    /// Returns the addresses of the host of the endpoint that belong to this node; none if the host may be another
    /// machine.
    /// </summary>
    public IReadOnlyList<IPAddress> Here(EtcdEndpoint endpoint)
    {
        IReadOnlyList<IPAddress> all =
            IPAddress.TryParse(endpoint.Host, out IPAddress? address) ? [address]
            : endpoint.IsLoopback ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : OfName;
        return [.. all.Select(Plain).Where(a => IPAddress.IsLoopback(a) || Own.Contains(a))];
    }

    /// <summary>Returns an IPv4 address as IPv4, also if it is written in the IPv6 format.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true }
            ? address.MapToIPv4()
            : address;
}
