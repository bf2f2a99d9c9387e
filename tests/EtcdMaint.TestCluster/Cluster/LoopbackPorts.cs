using System.Net;
using System.Net.Sockets;

namespace EtcdMaint.TestCluster;

/// <summary>Ports of 127.0.0.1 on which no process listens.</summary>
internal static class LoopbackPorts
{
    // Below the range of local ports for outgoing connections, so that the port of a stopped member is still free when
    // it is started again.
    private const int Lowest = 15_000;
    private const int Highest = 32_000;

    private static readonly HashSet<int> Taken = [];

    /// <summary>
    /// A port that no other caller in this process receives; another process may still take it first, so starting a
    /// member must be retried.
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
