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
}
