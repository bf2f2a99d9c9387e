using EtcdMaint.Engine.Wire;
using EtcdMaint.Simulation.Server;
using EtcdMaint.Simulation.State;

namespace EtcdMaint.Simulation.Calls;

internal static class LeaseCalls
{
    public static LeaseGrantResponse Grant(SimulatedMember member, LeaseGrantRequest request)
    {
        SimulatedCluster cluster = member.Cluster;
        if (cluster.IsOutOfSpace)
            throw GrpcException.NoSpace();
        cluster.Propose();
        return new LeaseGrantResponse
        {
            Header = cluster.Header(member),
            ID = cluster.Leases.Grant(TimeSpan.FromSeconds(request.TTL)),
            TTL = request.TTL,
        };
    }

    public static LeaseRevokeResponse Revoke(SimulatedMember member, LeaseRevokeRequest request)
    {
        SimulatedCluster cluster = member.Cluster;
        cluster.Propose();
        if (!cluster.Leases.Revoke(request.ID))
            throw GrpcException.LeaseNotFound();
        cluster.Delete(cluster.Keys.OfLease(request.ID));
        return new LeaseRevokeResponse { Header = cluster.Header(member) };
    }

    /// <summary>Answers each message of the stream.</summary>
    public static async Task KeepAliveAsync(SimulatedMember member, GrpcExchange exchange)
    {
        while (await exchange.ReadAsync(LeaseKeepAliveRequest.Parser) is { } request)
        {
            LeaseKeepAliveResponse response;
            lock (member.Cluster.Gate)
            {
                member.Cluster.Expire();
                response = new LeaseKeepAliveResponse
                {
                    Header = member.Cluster.Header(member),
                    ID = request.ID,
                    TTL = (long)member.Cluster.Leases.Renew(request.ID).TotalSeconds,
                };
            }
            await exchange.WriteAsync(response);
        }
    }
}
