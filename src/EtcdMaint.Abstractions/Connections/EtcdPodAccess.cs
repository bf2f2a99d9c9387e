namespace EtcdMaint;

/// <summary>How the module connects to the etcd in a pod.</summary>
public enum EtcdPodAccess
{
    /// <summary>PortForward if client certificates were specified, otherwise Exec.</summary>
    Auto,

    /// <summary>
    /// etcdctl in the container. It needs no certificates on this machine, and does not support all operations.
    /// </summary>
    Exec,

    /// <summary>gRPC over a forwarded port. It needs client certificates on this machine.</summary>
    PortForward,
}
