namespace EtcdMaint;

/// <summary>The program that runs etcdctl in the etcd container of a node.</summary>
public enum EtcdContainerRuntime
{
    /// <summary>
    /// Searches for a running etcd container with crictl, nerdctl, docker and podman, then uses etcdctl on the node
    /// itself.
    /// </summary>
    Auto,

    /// <summary>crictl, for any runtime that implements the Kubernetes container runtime interface.</summary>
    Crictl,

    /// <summary>nerdctl, for containerd.</summary>
    Nerdctl,

    /// <summary>docker.</summary>
    Docker,

    /// <summary>podman.</summary>
    Podman,

    /// <summary>No container: etcdctl runs on the node itself.</summary>
    None,
}
