using EtcdMaint.Engine.Wire;
using EtcdMaint.Simulation.State;

namespace EtcdMaint.Simulation.Calls;

internal static class ClusterCalls
{
    public static MemberListResponse ListMembers(SimulatedMember asked)
    {
        SimulatedCluster cluster = asked.Cluster;
        var list = new MemberListResponse { Header = cluster.Header(asked) };
        foreach (SimulatedMember member in cluster.Members)
            list.Members.Add(
                new Member
                {
                    ID = member.Id,
                    Name = $"m{member.Number}",
                    ClientURLs = { $"http://{cluster.Addresses.Endpoint(member.Number)}" },
                    PeerURLs = { $"http://peer{member.Number}:2380" },
                }
            );
        return list;
    }
}
