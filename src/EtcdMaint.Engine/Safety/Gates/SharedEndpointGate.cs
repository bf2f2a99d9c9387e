using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>Closed for a member whose endpoint has also answered as another member of the cluster.</summary>
internal static class SharedEndpointGate
{
    public static GateRefusal? Check(ClusterContext context, ClusterMembership membership, ResolvedMember member)
    {
        if (member.Client is not { } client)
            return null;
        string[] others =
        [
            .. context
                .Identities.Find(client, membership.Members.Select(m => m.Entry))
                .Where(m => m.Id != member.Id)
                .Select(m => m.ToString()),
        ];
        return others.Length == 0 && !context.Identities.HasChanged(client)
            ? null
            : new GateRefusal(
                GateId.EndpointShared,
                $"The endpoint {client.Place} has answered as {member} and as "
                    + $"{(others.Length == 0 ? "another member" : string.Join(" and ", others))}, so a "
                    + $"defragmentation of {member} could reach another member.",
                "Specify the member's own endpoint instead of a load balancer's.",
                HexId.Format(member.Id)
            );
    }
}
