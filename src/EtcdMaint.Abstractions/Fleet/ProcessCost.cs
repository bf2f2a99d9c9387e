namespace EtcdMaint.Fleet;

/// <summary>The number of processes of this machine that one cluster can use at the same time.</summary>
internal static class ProcessCost
{
    /// <summary>
    /// Two for each node: the process that is logged in to the node, and the process that runs a command or transports
    /// a stream.
    /// </summary>
    private const int ForSshNode = 2;

    public static int Of(EtcdConnection connection) =>
        connection.Access switch
        {
            EtcdAccess.SshCommand or EtcdAccess.SshStream => ForSshNode * connection.Endpoint.Length,
            EtcdAccess.LocalCommand => connection.Endpoint.Length,
            EtcdAccess.KubernetesExec or EtcdAccess.KubernetesPortForward => 1, // a credential plugin
            _ => 0,
        };

    public static int Of(ConnectRequest request) =>
        request switch
        {
            SshConnectRequest ssh => ForSshNode * ssh.SshHost.Sum(hosts => hosts.Split(',').Length),
            LocalConnectRequest or KubernetesConnectRequest => 1,
            _ => 0,
        };
}
