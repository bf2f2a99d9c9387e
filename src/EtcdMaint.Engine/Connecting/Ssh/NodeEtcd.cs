using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Transport.Containers;

namespace EtcdMaint.Engine.Connecting.Ssh;

/// <summary>The etcd of a node that is meant.</summary>
/// <param name="Process">Null where it is not seen, or not known which one it is.</param>
/// <param name="Container">Where etcdctl is run; null for the node itself.</param>
/// <param name="PassedOver">Why no other container was taken.</param>
internal sealed record NodeEtcd(EtcdProcess? Process, NodeContainer? Container, string PassedOver)
{
    /// <summary>
    /// The process if its settings are those of the member that answers: it is in the node's network, or etcdctl is run
    /// in its own container. Otherwise null.
    /// </summary>
    public EtcdProcess? Certain =>
        Process is { IsElsewhere: false } ? Process
        : Process is not null && Container is not null && ContainerChoice.Holds(Container, Process) is true ? Process
        : null;
}
