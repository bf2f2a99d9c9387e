using System.Net;
using System.Net.Sockets;

namespace EtcdMaint.TestCluster;

/// <summary>Ports of 127.0.0.1 that nobody listens on.</summary>
internal static class LoopbackPorts
{
    // Below the range from which the kernel takes the near end of connections, so that a stopped member's port is still
    // free when it returns.
    private const int Lowest = 15_000;
    private const int Highest = 32_000;

    private static readonly HashSet<int> Taken = [];

    /// <summary>
    /// A port that no other caller in this process gets; another process may still be faster, which a start has to
    /// survive.
    /// </summary>
    public static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, Highest);
            lock (Taken)
            {
                if (!Taken.Add(port))
                    continue;
            }
            if (IsFree(port))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
