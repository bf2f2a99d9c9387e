namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>The etcd processes of a node, and the addresses that distinguish them.</summary>
internal sealed record NodeProcesses(IReadOnlyList<EtcdProcess> Etcd, NodeNetwork Network);
