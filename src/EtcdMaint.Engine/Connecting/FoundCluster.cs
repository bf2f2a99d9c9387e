using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Connecting;

/// <summary>What a connector found: how the cluster is shown, and the source of its members.</summary>
/// <param name="Name">The name given to the cluster, else one that the endpoints suggest.</param>
/// <param name="Access">How the members are reached.</param>
/// <param name="Endpoint">The endpoints given or found.</param>
/// <param name="UserName">The etcd user; null when none logs in.</param>
/// <param name="Members">The source of the members, which the connection disposes.</param>
internal sealed record FoundCluster(
    string Name,
    EtcdAccess Access,
    string[] Endpoint,
    string? UserName,
    IMemberSource Members
);
