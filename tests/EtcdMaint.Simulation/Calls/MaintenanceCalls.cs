using EtcdMaint.Engine.Wire;
using EtcdMaint.Simulation.Server;
using EtcdMaint.Simulation.State;

namespace EtcdMaint.Simulation.Calls;

internal static class MaintenanceCalls
{
    public static StatusResponse Status(SimulatedMember member)
    {
        SimulatedCluster cluster = member.Cluster;
        var status = new StatusResponse
        {
            Header = cluster.Header(member),
            Version = "3.6.14",
            StorageVersion = "3.6.0",
            DbSize = member.DbSize,
            DbSizeInUse = member.DbSizeInUse,
            DbSizeQuota = SimulatedMember.QuotaBytes,
            Leader = cluster.Leader.Id,
            RaftTerm = cluster.RaftTerm,
            RaftIndex = cluster.RaftIndex,
            RaftAppliedIndex = cluster.RaftIndex,
        };
        foreach ((ulong id, AlarmType type) in cluster.Alarms)
            status.Errors.Add($"memberID:{id} alarm:{type.ToString().ToUpperInvariant()} ");
        return status;
    }

    public static AlarmResponse Alarm(SimulatedMember member, AlarmRequest request)
    {
        SimulatedCluster cluster = member.Cluster;
        cluster.Propose();
        var response = new AlarmResponse { Header = cluster.Header(member) };
        (ulong, AlarmType) named = (request.MemberID, request.Alarm);
        IEnumerable<(ulong MemberId, AlarmType Type)> shown = request.Action switch
        {
            AlarmRequest.Types.AlarmAction.Deactivate => cluster.Alarms.Remove(named) ? [named] : [],
            AlarmRequest.Types.AlarmAction.Activate => cluster.Alarms.Add(named) ? [named] : [],
            _ => cluster.Alarms,
        };
        response.Alarms.AddRange(shown.Select(a => new AlarmMember { MemberID = a.MemberId, Alarm = a.Type }));
        return response;
    }

    /// <summary>The hash is the same on all members, because their data never differs.</summary>
    public static HashKVResponse Hash(SimulatedMember member, HashKVRequest request)
    {
        SimulatedCluster cluster = member.Cluster;
        long revision = request.Revision == 0 ? cluster.Revision : request.Revision;
        if (revision < cluster.CompactedRevision)
            throw GrpcException.Compacted();
        if (revision > cluster.Revision)
            throw GrpcException.FutureRevision();
        return new HashKVResponse
        {
            Header = cluster.Header(member),
            Hash = (uint)(cluster.Number * 31) ^ (uint)revision,
            CompactRevision = cluster.CompactedRevision,
            HashRevision = revision,
        };
    }

    public static MoveLeaderResponse MoveLeader(SimulatedMember member, MoveLeaderRequest request)
    {
        SimulatedCluster cluster = member.Cluster;
        if (cluster.Leader != member)
            throw GrpcException.NotLeader();
        cluster.MoveLeader(
            Array.Find(cluster.Members, m => m.Id == request.TargetID) ?? throw GrpcException.BadTransferee()
        );
        return new MoveLeaderResponse { Header = cluster.Header(member) };
    }

    public static async Task DefragmentAsync(SimulatedMember member, GrpcExchange exchange)
    {
        if (await exchange.ReadAsync(DefragmentRequest.Parser) is null)
            return;
        await member.DefragmentAsync(member.Cluster.Options.DefragTime).WaitAsync(exchange.Aborted);
        await exchange.WriteAsync(new DefragmentResponse());
    }
}
