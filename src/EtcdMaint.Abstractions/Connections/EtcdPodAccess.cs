namespace EtcdMaint;

/// <summary>How the etcd in a pod is talked to.</summary>
public enum EtcdPodAccess
{
    /// <summary>PortForward when client certificates were given, else Exec.</summary>
    Auto,

    /// <summary>etcdctl is run in the container. Needs no certificates here; cannot do everything.</summary>
    Exec,

    /// <summary>gRPC over a forwarded port. Needs client certificates here.</summary>
    PortForward,
}
