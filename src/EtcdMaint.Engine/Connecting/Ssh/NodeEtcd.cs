using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Transport.Containers;

namespace EtcdMaint.Engine.Connecting.Ssh;

/// <summary>The selected etcd of a node.</summary>
/// <param name="Process">The process, or null if it is not visible or not known.</param>
/// <param name="Container">The container in which etcdctl runs, or null for the node itself.</param>
/// <param name="PassedOver">The reasons why no other container was used.</param>
internal sealed record NodeEtcd(EtcdProcess? Process, NodeContainer? Container, string PassedOver)
{
    /// <summary>
    /// The process if its settings are those of the member that answers: it is in the network of the node, or etcdctl
    /// runs in its container. Otherwise null.
    /// </summary>
    public EtcdProcess? Certain =>
        Process is { IsElsewhere: false } ? Process
        : Process is not null && Container is not null && ContainerChoice.Holds(Container, Process) is true ? Process
        : null;
}
