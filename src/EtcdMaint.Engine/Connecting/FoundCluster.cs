using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Connecting;

/// <summary>The result of a connector: the display data of the cluster, and the source of its members.</summary>
/// <param name="Name">The specified name of the cluster, or otherwise a name that the endpoints suggest.</param>
/// <param name="Access">How the members are reached.</param>
/// <param name="Endpoint">The endpoints that were specified or found.</param>
/// <param name="UserName">The etcd user, or null without a login.</param>
/// <param name="Members">The source of the members, which the connection disposes.</param>
internal sealed record FoundCluster(
    string Name,
    EtcdAccess Access,
    string[] Endpoint,
    string? UserName,
    IMemberSource Members
)
{
    /// <summary>The ID of the cluster if a member has just reported it to the connector; otherwise null.</summary>
    public ulong? ClusterId { get; init; }
}
