namespace EtcdMaint;

/// <summary>By which program a node's etcd container is entered.</summary>
public enum EtcdContainerRuntime
{
    /// <summary>
    /// Tries crictl, nerdctl, docker and podman for a running etcd container, then etcdctl on the node itself.
    /// </summary>
    Auto,

    /// <summary>crictl, for any runtime with the Kubernetes interface.</summary>
    Crictl,

    /// <summary>nerdctl, for containerd.</summary>
    Nerdctl,

    /// <summary>docker.</summary>
    Docker,

    /// <summary>podman.</summary>
    Podman,

    /// <summary>No container: etcdctl is run on the node itself.</summary>
    None,
}
