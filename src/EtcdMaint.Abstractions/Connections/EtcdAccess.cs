namespace EtcdMaint;

/// <summary>The way in that a connection uses.</summary>
public enum EtcdAccess
{
    /// <summary>gRPC, straight to the members' client endpoints.</summary>
    Endpoint,

    /// <summary>etcdctl, run in the members' pods.</summary>
    KubernetesExec,

    /// <summary>gRPC, over ports forwarded from the members' pods.</summary>
    KubernetesPortForward,

    /// <summary>etcdctl, run on the members' nodes over ssh.</summary>
    SshCommand,

    /// <summary>gRPC, over ssh streams to the members' client ports.</summary>
    SshStream,

    /// <summary>An etcdctl of this machine.</summary>
    LocalCommand,
}
