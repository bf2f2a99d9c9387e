namespace EtcdMaint;

/// <summary>How the etcd on a node that ssh leads to is talked to.</summary>
public enum EtcdNodeAccess
{
    /// <summary>Stream when certificates were given here, else Command.</summary>
    Auto,

    /// <summary>gRPC over an ssh stream to the member's client port. Needs client certificates here.</summary>
    Stream,

    /// <summary>etcdctl is run on the node or in its etcd container. Cannot do everything.</summary>
    Command,
}
