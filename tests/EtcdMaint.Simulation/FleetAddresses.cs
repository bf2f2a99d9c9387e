using System.Globalization;
using System.Net;

namespace EtcdMaint.Simulation;

/// <summary>
/// The addresses and IDs of a fleet. Each member has an address of its own in 127.0.0.0/8, and all share one port. The
/// IDs contain the port, so that the clusters of two fleets that run at the same time are different clusters.
/// </summary>
internal sealed record FleetAddresses(int Port, int MembersPerCluster)
{
    /// <summary>
    /// Without a scheme, because this server resets the calls that etcdctl 3.4 makes to an endpoint with a scheme.
    /// </summary>
    public string Endpoint(int member) =>
        $"127.{1 + (member >> 16)}.{(member >> 8) & 255}.{member & 255}:{Port.ToString(CultureInfo.InvariantCulture)}";

    public static int MemberAt(IPAddress address)
    {
        byte[] bytes = address.MapToIPv4().GetAddressBytes();
        return ((bytes[1] - 1) << 16) | (bytes[2] << 8) | bytes[3];
    }

    public ulong ClusterId(int cluster) => 0xC000_0000_0000_0000UL | ((ulong)Port << 32) | (uint)cluster;

    public ulong MemberId(int member) => 0xA000_0000_0000_0000UL | ((ulong)Port << 32) | (uint)member;
}
