namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>Determines where, on its own node, a server is reached that listens at an address.</summary>
internal static class ListenAddress
{
    /// <summary>
    /// An address that means all addresses is reached at loopback. This is 127.0.0.1 also for <c>::</c>, which etcd
    /// uses for both address families, because certificates contain 127.0.0.1.
    /// </summary>
    public static string Reached(string host) => host is "0.0.0.0" or "::" or "[::]" ? "127.0.0.1" : host;

    /// <summary>Whether a port-forward can reach the address.</summary>
    public static bool IsLoopback(string host) => host is "127.0.0.1" or "::1" or "localhost";
}
