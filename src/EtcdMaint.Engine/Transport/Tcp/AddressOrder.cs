using System.Net;

namespace EtcdMaint.Engine.Transport.Tcp;

/// <summary>Puts the addresses of a host into the order in which they are tried.</summary>
internal static class AddressOrder
{
    /// <summary>
    /// Alternates between the address families, so that a family without a route delays the other one by only one
    /// attempt (RFC 8305, section 4).
    /// </summary>
    public static IReadOnlyList<IPAddress> Interleave(IEnumerable<IPAddress> addresses) =>
        [
            .. addresses
                .Distinct()
                .GroupBy(address => address.AddressFamily)
                .SelectMany((family, rank) => family.Select((address, turn) => (address, turn, rank)))
                .OrderBy(entry => entry.turn)
                .ThenBy(entry => entry.rank)
                .Select(entry => entry.address),
        ];
}
