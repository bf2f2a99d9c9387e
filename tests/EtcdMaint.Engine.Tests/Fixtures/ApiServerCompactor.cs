using EtcdMaint.TestCluster;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>
/// Compacts a cluster as the Kubernetes API server does, but at a shorter interval. At each tick, it writes the
/// revision of the tick before to <c>compact_rev_key</c>, if no other server was faster, and compacts to it. Source:
/// kubernetes, staging/src/k8s.io/apiserver/pkg/storage/etcd3/compact.go.
/// </summary>
internal sealed class ApiServerCompactor : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly Wire.KV.KVClient _kv;
    private readonly TimeSpan _interval;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _working;
    private int _compactions;

    private ApiServerCompactor(ClusterMember member, TimeSpan interval)
    {
        _channel = GrpcChannel.ForAddress(member.ClientUrl);
        _kv = new Wire.KV.KVClient(_channel);
        _interval = interval;
        _working = Task.Run(WorkAsync);
    }

    /// <summary>The number of compactions that this server has made.</summary>
    public int Compactions => Volatile.Read(ref _compactions);

    public static ApiServerCompactor Start(ClusterMember member, TimeSpan interval) => new(member, interval);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _working;
        _channel.Dispose();
        _end.Dispose();
    }

    private async Task WorkAsync()
    {
        (long time, long revision) = (0L, 0L);
        try
        {
            while (true)
            {
                (time, revision) = await TickAsync(time, revision);
                await Task.Delay(_interval, _end.Token);
            }
        }
        catch (Exception ended)
            when (_end.IsCancellationRequested && ended is OperationCanceledException or RpcException)
        {
            // The test has ended.
        }
    }

    private async Task<(long Time, long Revision)> TickAsync(long time, long revision)
    {
        ByteString key = ByteString.CopyFromUtf8("compact_rev_key");
        var request = new Wire.TxnRequest();
        request.Compare.Add(
            new Wire.Compare
            {
                Key = key,
                Target = Wire.Compare.Types.CompareTarget.Version,
                Result = Wire.Compare.Types.CompareResult.Equal,
                Version = time,
            }
        );
        request.Success.Add(
            new Wire.RequestOp
            {
                RequestPut = new Wire.PutRequest { Key = key, Value = ByteString.CopyFromUtf8($"{revision}") },
            }
        );
        request.Failure.Add(new Wire.RequestOp { RequestRange = new Wire.RangeRequest { Key = key } });
        Wire.TxnResponse reply = await _kv.TxnAsync(request, cancellationToken: _end.Token);
        if (!reply.Succeeded)
            return (reply.Responses[0].ResponseRange.Kvs[0].Version, reply.Header.Revision);
        if (revision > 0)
        {
            try
            {
                await _kv.CompactAsync(
                    new Wire.CompactionRequest { Revision = revision },
                    cancellationToken: _end.Token
                );
                Interlocked.Increment(ref _compactions);
            }
            catch (RpcException refused) when (refused.StatusCode is StatusCode.OutOfRange)
            {
                // Another client has compacted further.
            }
        }
        return (time + 1, reply.Header.Revision);
    }
}
