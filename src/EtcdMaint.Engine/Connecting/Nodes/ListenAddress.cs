namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>Where a server is reached on its own node that listens at an address.</summary>
internal static class ListenAddress
{
    /// <summary>
    /// What means all addresses is reached by loopback: 127.0.0.1 also for <c>::</c>, which etcd takes for both kinds
    /// of address, since that is the one that certificates name.
    /// </summary>
    public static string Reached(string host) => host is "0.0.0.0" or "::" or "[::]" ? "127.0.0.1" : host;

    /// <summary>Whether it is an address at which a port-forward arrives.</summary>
    public static bool IsLoopback(string host) => host is "127.0.0.1" or "::1" or "localhost";
}
