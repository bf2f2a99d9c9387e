namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>The etcd processes of a node, and the addresses by which they are told apart.</summary>
internal sealed record NodeProcesses(IReadOnlyList<EtcdProcess> Etcd, NodeNetwork Network);
