using System.Diagnostics;
using EtcdMaint.TestCluster;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>
/// The clients of a busy Kubernetes cluster: writers, watchers that reconnect from the last revision that they saw, and
/// readers that list in pages at one revision. Counts how often the revision of a client was already compacted.
/// </summary>
internal sealed class HistoryClients : IAsyncDisposable
{
    private const string Prefix = "history/";
    private const int Keys = 500;
    private const int PageSize = 50;

    private readonly GrpcChannel[] _channels;
    private readonly CancellationTokenSource _end = new();
    private readonly Random _random;
    private readonly List<Task> _working = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _compacted;
    private int _resumed;
    private int _listed;
    private long _written;

    private HistoryClients(TestEtcdCluster cluster, int seed)
    {
        _channels = [.. cluster.Members.Select(m => GrpcChannel.ForAddress(m.ClientUrl))];
        _random = new Random(seed);
    }

    /// <summary>The number of watches and lists that failed because their revision was compacted.</summary>
    public int Compacted => Volatile.Read(ref _compacted);

    /// <summary>The number of watches that were resumed.</summary>
    public int Resumed => Volatile.Read(ref _resumed);

    /// <summary>The number of lists that were read to their end.</summary>
    public int Listed => Volatile.Read(ref _listed);

    public long Written => Interlocked.Read(ref _written);

    /// <summary>The writes per second so far, which are fewer than intended on a busy machine.</summary>
    public double WritesPerSecond => Written / _clock.Elapsed.TotalSeconds;

    /// <param name="cluster">The cluster.</param>
    /// <param name="writesPerSecond">The writes of all writers.</param>
    /// <param name="watchers">The number of watchers.</param>
    /// <param name="longestPause">The longest time for which a watcher is disconnected.</param>
    /// <param name="listTime">The time that one list takes.</param>
    public static HistoryClients Start(
        TestEtcdCluster cluster,
        int writesPerSecond,
        int watchers,
        TimeSpan longestPause,
        TimeSpan listTime
    )
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"The pauses of the watchers have the seed {seed}.");
        var clients = new HistoryClients(cluster, seed);
        for (int i = 0; i < 4; i++)
            clients.Add(i, channel => clients.WriteAsync(channel, writesPerSecond / 4.0));
        for (int i = 0; i < watchers; i++)
        {
            var random = new Random(clients._random.Next());
            clients.Add(i, channel => clients.WatchAsync(channel, longestPause, random));
        }
        for (int i = 0; i < 4; i++)
            clients.Add(i, channel => clients.ListAsync(channel, listTime));
        return clients;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_working);
        foreach (GrpcChannel channel in _channels)
            channel.Dispose();
        _end.Dispose();
    }

    public override string ToString() =>
        $"{Written} writes, {Resumed} resumed watches, {Listed} lists, {Compacted} of a compacted revision";

    private void Add(int number, Func<GrpcChannel, Task> work) =>
        _working.Add(Task.Run(() => UntilEndAsync(_channels[number % _channels.Length], work)));

    /// <summary>A member that is defragmented delays its clients. They try again, as Kubernetes does.</summary>
    private async Task UntilEndAsync(GrpcChannel channel, Func<GrpcChannel, Task> work)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await work(channel);
            }
            catch (Exception failed) when (failed is RpcException or OperationCanceledException)
            {
                if (failed is RpcException { StatusCode: StatusCode.OutOfRange })
                    Interlocked.Increment(ref _compacted);
                await Task.Delay(50, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WriteAsync(GrpcChannel channel, double perSecond)
    {
        var kv = new Wire.KV.KVClient(channel);
        var clock = Stopwatch.StartNew();
        for (long count = 0; ; count++)
        {
            TimeSpan early = TimeSpan.FromSeconds(count / perSecond) - clock.Elapsed;
            if (early > TimeSpan.Zero)
                await Task.Delay(early, _end.Token);
            await kv.PutAsync(
                new Wire.PutRequest
                {
                    Key = ByteString.CopyFromUtf8($"{Prefix}{count % Keys:d4}"),
                    Value = ByteString.CopyFrom(new byte[200]),
                },
                cancellationToken: _end.Token
            );
            Interlocked.Increment(ref _written);
        }
    }

    private async Task WatchAsync(GrpcChannel channel, TimeSpan longestPause, Random random)
    {
        var watch = new Wire.Watch.WatchClient(channel);
        var kv = new Wire.KV.KVClient(channel);
        long next = 1 + await NewestAsync(kv);
        while (true)
        {
            using AsyncDuplexStreamingCall<Wire.WatchRequest, Wire.WatchResponse> call = watch.Watch(
                cancellationToken: _end.Token
            );
            await call.RequestStream.WriteAsync(
                new Wire.WatchRequest
                {
                    CreateRequest = new Wire.WatchCreateRequest
                    {
                        Key = ByteString.CopyFromUtf8(Prefix),
                        RangeEnd = ByteString.CopyFromUtf8("history0"),
                        StartRevision = next,
                    },
                },
                _end.Token
            );
            var connected = Stopwatch.StartNew();
            TimeSpan stays = TimeSpan.FromSeconds(random.NextDouble());
            while (connected.Elapsed < stays && await call.ResponseStream.MoveNext(_end.Token))
            {
                Wire.WatchResponse response = call.ResponseStream.Current;
                if (response.CompactRevision > 0)
                {
                    Interlocked.Increment(ref _compacted);
                    next = 1 + await NewestAsync(kv);
                    break;
                }
                if (!response.Created)
                    next = 1 + response.Header.Revision;
            }
            Interlocked.Increment(ref _resumed);
            await Task.Delay(longestPause * random.NextDouble(), _end.Token);
        }
    }

    private async Task<long> NewestAsync(Wire.KV.KVClient kv) =>
        (
            await kv.RangeAsync(
                new Wire.RangeRequest { Key = ByteString.CopyFromUtf8(Prefix) },
                cancellationToken: _end.Token
            )
        )
            .Header
            .Revision;

    private async Task ListAsync(GrpcChannel channel, TimeSpan time)
    {
        var kv = new Wire.KV.KVClient(channel);
        while (true)
        {
            string from = Prefix;
            long revision = 0;
            for (int page = 0; page < Keys / PageSize; page++)
            {
                Wire.RangeResponse reply = await kv.RangeAsync(
                    new Wire.RangeRequest
                    {
                        Key = ByteString.CopyFromUtf8(from),
                        RangeEnd = ByteString.CopyFromUtf8("history0"),
                        Limit = PageSize,
                        Revision = revision,
                    },
                    cancellationToken: _end.Token
                );
                revision = revision == 0 ? reply.Header.Revision : revision;
                if (reply.Kvs.Count == 0)
                    break;
                from = reply.Kvs[^1].Key.ToStringUtf8() + "\0";
                await Task.Delay(time / (Keys / PageSize), _end.Token);
            }
            Interlocked.Increment(ref _listed);
        }
    }
}
