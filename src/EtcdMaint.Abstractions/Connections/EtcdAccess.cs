namespace EtcdMaint;

/// <summary>The access of a connection.</summary>
public enum EtcdAccess
{
    /// <summary>gRPC, directly to the client endpoints of the members.</summary>
    Endpoint,

    /// <summary>etcdctl in the pods of the members.</summary>
    KubernetesExec,

    /// <summary>gRPC, over ports that are forwarded to the pods of the members.</summary>
    KubernetesPortForward,

    /// <summary>etcdctl on the nodes of the members, over ssh.</summary>
    SshCommand,

    /// <summary>gRPC, over ssh streams to the client ports of the members.</summary>
    SshStream,

    /// <summary>etcdctl on this machine.</summary>
    LocalCommand,
}
