namespace EtcdMaint.Fleet;

/// <summary>How many processes of this machine one cluster may take at a time.</summary>
internal static class ProcessCost
{
    /// <summary>The process that is logged in to a node, and the one that runs a command or carries a stream.</summary>
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
