using EtcdMaint.Engine.Wire;
using EtcdMaint.Simulation.Server;
using EtcdMaint.Simulation.State;

namespace EtcdMaint.Simulation.Calls;

internal static class KeyValueCalls
{
    public static RangeResponse Range(SimulatedMember member, RangeRequest request)
    {
        SimulatedCluster cluster = member.Cluster;
        if (request.Revision > cluster.Revision)
            throw GrpcException.FutureRevision();
        if (request.Revision > 0 && request.Revision < cluster.CompactedRevision)
            throw GrpcException.Compacted();
        KeyValue[] found = [.. cluster.Keys.Range(request.Key, request.RangeEnd)];
        var response = new RangeResponse
        {
            Header = cluster.Header(member),
            Count = found.Length,
            More = request.Limit > 0 && found.Length > request.Limit && !request.CountOnly,
        };
        if (!request.CountOnly)
            response.Kvs.AddRange(
                found
                    .Take(request.Limit > 0 ? (int)request.Limit : found.Length)
                    .Select(key => request.KeysOnly ? WithoutValue(key) : key)
            );
        return response;
    }

    public static PutResponse Put(SimulatedMember member, PutRequest request)
    {
        SimulatedCluster cluster = member.Cluster;
        if (cluster.IsOutOfSpace)
            throw GrpcException.NoSpace();
        if (request.Lease != 0 && !cluster.Leases.Has(request.Lease))
            throw GrpcException.LeaseNotFound();
        cluster.Propose();
        cluster.Put(request);
        return new PutResponse { Header = cluster.Header(member) };
    }

    public static DeleteRangeResponse Delete(SimulatedMember member, DeleteRangeRequest request)
    {
        SimulatedCluster cluster = member.Cluster;
        cluster.Propose();
        int deleted = cluster.Delete(cluster.Keys.Range(request.Key, request.RangeEnd));
        return new DeleteRangeResponse { Header = cluster.Header(member), Deleted = deleted };
    }

    public static TxnResponse Txn(SimulatedMember member, TxnRequest request)
    {
        SimulatedCluster cluster = member.Cluster;
        bool writes = request.Success.Concat(request.Failure).Any(o => o.RequestPut is not null);
        if (writes && cluster.IsOutOfSpace)
            throw GrpcException.NoSpace();
        bool succeeded = request.Compare.All(compare => Holds(cluster, compare));
        var response = new TxnResponse { Succeeded = succeeded };
        response.Responses.AddRange((succeeded ? request.Success : request.Failure).Select(o => Do(member, o)));
        response.Header = cluster.Header(member);
        return response;
    }

    public static CompactionResponse Compact(SimulatedMember member, CompactionRequest request)
    {
        SimulatedCluster cluster = member.Cluster;
        cluster.Propose();
        if (request.Revision <= cluster.CompactedRevision)
            throw GrpcException.Compacted();
        if (request.Revision > cluster.Revision)
            throw GrpcException.FutureRevision();
        cluster.Compact(request.Revision);
        return new CompactionResponse { Header = cluster.Header(member) };
    }

    private static ResponseOp Do(SimulatedMember member, RequestOp operation) =>
        operation.RequestCase switch
        {
            RequestOp.RequestOneofCase.RequestRange => new ResponseOp
            {
                ResponseRange = Range(member, operation.RequestRange),
            },
            RequestOp.RequestOneofCase.RequestPut => new ResponseOp { ResponsePut = Put(member, operation.RequestPut) },
            RequestOp.RequestOneofCase.RequestDeleteRange => new ResponseOp
            {
                ResponseDeleteRange = Delete(member, operation.RequestDeleteRange),
            },
            _ => throw GrpcException.Unimplemented($"operation {operation.RequestCase}"),
        };

    private static bool Holds(SimulatedCluster cluster, Compare compare) =>
        compare is { Target: Compare.Types.CompareTarget.Create, Result: Compare.Types.CompareResult.Equal }
            ? (cluster.Keys.Find(compare.Key)?.CreateRevision ?? 0) == compare.CreateRevision
            : throw GrpcException.Unimplemented($"compare of {compare.Target}");

    private static KeyValue WithoutValue(KeyValue key) =>
        new()
        {
            Key = key.Key,
            Lease = key.Lease,
            CreateRevision = key.CreateRevision,
            ModRevision = key.ModRevision,
            Version = key.Version,
        };
}
