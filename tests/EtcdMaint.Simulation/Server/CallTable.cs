using EtcdMaint.Engine.Wire;
using EtcdMaint.Simulation.Calls;
using EtcdMaint.Simulation.State;
using Google.Protobuf;

namespace EtcdMaint.Simulation.Server;

/// <summary>The calls that the members answer, by path.</summary>
internal static class CallTable
{
    private static readonly Dictionary<string, Func<SimulatedMember, GrpcExchange, Task>> ByPath = new(
        StringComparer.Ordinal
    )
    {
        // Members list each other from memory, even while they defragment.
        ["/etcdserverpb.Cluster/MemberList"] = One(
            MemberListRequest.Parser,
            (m, _) => ClusterCalls.ListMembers(m),
            isLocal: true
        ),
        ["/etcdserverpb.Maintenance/Status"] = One(StatusRequest.Parser, (m, _) => MaintenanceCalls.Status(m)),
        ["/etcdserverpb.Maintenance/Alarm"] = One(AlarmRequest.Parser, MaintenanceCalls.Alarm),
        ["/etcdserverpb.Maintenance/HashKV"] = One(HashKVRequest.Parser, MaintenanceCalls.Hash),
        ["/etcdserverpb.Maintenance/MoveLeader"] = One(MoveLeaderRequest.Parser, MaintenanceCalls.MoveLeader),
        ["/etcdserverpb.Maintenance/Defragment"] = MaintenanceCalls.DefragmentAsync,
        ["/etcdserverpb.KV/Range"] = One(RangeRequest.Parser, KeyValueCalls.Range),
        ["/etcdserverpb.KV/Put"] = One(PutRequest.Parser, KeyValueCalls.Put),
        ["/etcdserverpb.KV/DeleteRange"] = One(DeleteRangeRequest.Parser, KeyValueCalls.Delete),
        ["/etcdserverpb.KV/Txn"] = One(TxnRequest.Parser, KeyValueCalls.Txn),
        ["/etcdserverpb.KV/Compact"] = One(CompactionRequest.Parser, KeyValueCalls.Compact),
        ["/etcdserverpb.Watch/Watch"] = WatchCalls.WatchAsync,
        ["/etcdserverpb.Lease/LeaseGrant"] = One(LeaseGrantRequest.Parser, LeaseCalls.Grant),
        ["/etcdserverpb.Lease/LeaseRevoke"] = One(LeaseRevokeRequest.Parser, LeaseCalls.Revoke),
        ["/etcdserverpb.Lease/LeaseKeepAlive"] = LeaseCalls.KeepAliveAsync,
        ["/etcdserverpb.Auth/Authenticate"] = One(AuthenticateRequest.Parser, (_, _) => AuthCalls.Authenticate()),
        ["/etcdserverpb.Auth/RoleList"] = One(AuthRoleListRequest.Parser, (m, _) => AuthCalls.ListRoles(m)),
        ["/etcdserverpb.Auth/RoleAdd"] = One(AuthRoleAddRequest.Parser, AuthCalls.AddRole),
        ["/etcdserverpb.Auth/RoleDelete"] = One(AuthRoleDeleteRequest.Parser, AuthCalls.DeleteRole),
    };

    public static Task AnswerAsync(string path, SimulatedMember member, GrpcExchange exchange) =>
        ByPath.TryGetValue(path, out Func<SimulatedMember, GrpcExchange, Task>? call)
            ? call(member, exchange)
            : throw GrpcException.Unimplemented(path);

    /// <summary>A call with one request and one response.</summary>
    private static Func<SimulatedMember, GrpcExchange, Task> One<T>(
        MessageParser<T> parser,
        Func<SimulatedMember, T, IMessage> answer,
        bool isLocal = false
    )
        where T : class, IMessage<T> =>
        async (member, exchange) =>
        {
            if (await exchange.ReadAsync(parser) is not { } request)
                return;
            if (!isLocal)
                await member.WaitUntilIdleAsync(exchange.Aborted);
            IMessage response;
            lock (member.Cluster.Gate)
            {
                member.Cluster.Expire();
                response = answer(member, request);
            }
            await exchange.WriteAsync(response);
        };
}
