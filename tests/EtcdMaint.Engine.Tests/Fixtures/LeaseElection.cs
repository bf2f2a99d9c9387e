using System.Diagnostics;
using EtcdMaint.Engine.Wire;
using EtcdMaint.Engine.Wire.Kubernetes;
using EtcdMaint.TestCluster;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>How long a lease lasts, when its holder gives it up, and the interval of the tries.</summary>
internal sealed record LeasePace(TimeSpan Duration, TimeSpan RenewDeadline, TimeSpan RetryPeriod)
{
    /// <summary>The defaults of client-go (15 s, 10 s and 2 s), this many times faster.</summary>
    public static LeasePace Faster(double times) =>
        new(TimeSpan.FromSeconds(15 / times), TimeSpan.FromSeconds(10 / times), TimeSpan.FromSeconds(2 / times));
}

/// <summary>
/// Candidates for leader-election leases, which behave like those of client-go (tools/leaderelection) and store what
/// the API server stores. Each candidate talks to one member, like an API server that uses the etcd beside it. A holder
/// that cannot renew its lease in time gives up for ever, as its process would exit.
/// </summary>
internal sealed class LeaseElection(TestEtcdCluster etcd, LeasePace pace) : IAsyncDisposable
{
    private readonly Dictionary<string, GrpcChannel> _channels = [];
    private readonly List<Task> _candidates = [];
    private readonly CancellationTokenSource _end = new();

    public static string KeyOf(string name) => $"/registry/leases/kube-system/{name}";

    /// <summary>Starts a candidate, and waits until it holds the lease if no other candidate does.</summary>
    public async Task HoldAsync(string name, string identity, ClusterMember through)
    {
        Compete(name, identity, through);
        await Poll.UntilAsync(
            async _ => await HolderAsync(name) == identity,
            TimeSpan.FromSeconds(15),
            $"{identity} holds {name}",
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>Starts a candidate that takes the lease when its holder does not renew it.</summary>
    public void Compete(string name, string identity, ClusterMember through)
    {
        var candidate = new Candidate(ClientOf(through), KeyOf(name), identity, pace);
        _candidates.Add(Task.Run(() => candidate.RunAsync(_end.Token)));
    }

    public async Task<string?> HolderAsync(string name)
    {
        KV.KVClient client = ClientOf(etcd.Members.First(m => m.State is MemberState.Running));
        RangeResponse reply = await client.RangeAsync(
            new RangeRequest { Key = ByteString.CopyFromUtf8(KeyOf(name)) },
            deadline: DateTime.UtcNow.AddSeconds(10)
        );
        return reply.Kvs.Count == 0 ? null : LeaseValues.SpecOf(reply.Kvs[0].Value).HolderIdentity;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_candidates);
        foreach (GrpcChannel channel in _channels.Values)
            channel.Dispose();
        _end.Dispose();
    }

    private KV.KVClient ClientOf(ClusterMember member)
    {
        if (!_channels.TryGetValue(member.Name, out GrpcChannel? channel))
        {
            var handler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true };
            _channels[member.Name] = channel = GrpcChannel.ForAddress(
                member.ClientUrl,
                new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true }
            );
        }
        return new KV.KVClient(channel);
    }

    /// <summary>One process that wants to hold one lease.</summary>
    private sealed class Candidate(KV.KVClient client, string key, string identity, LeasePace pace)
    {
        private readonly ByteString _key = ByteString.CopyFromUtf8(key);
        private readonly Stopwatch _sinceChange = Stopwatch.StartNew();
        private long _revision = -1;
        private string _holder = "";
        private int _transitions;

        public async Task RunAsync(CancellationToken end)
        {
            try
            {
                while (!await TryAsync(AcquireAsync, end))
                    await Task.Delay(pace.RetryPeriod, end);
                while (await RenewInTimeAsync(end))
                    await Task.Delay(pace.RetryPeriod, end);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // The test has ended.
            }
        }

        private async Task<bool> RenewInTimeAsync(CancellationToken end)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(end);
            deadline.CancelAfter(pace.RenewDeadline);
            try
            {
                while (!await TryAsync(RenewAsync, deadline.Token))
                    await Task.Delay(pace.RetryPeriod, deadline.Token);
                return true;
            }
            catch (OperationCanceledException) when (!end.IsCancellationRequested)
            {
                return false;
            }
        }

        /// <summary>Assumes that the last write is still the current one, and looks only if it is not.</summary>
        private async Task<bool> RenewAsync(CancellationToken token)
        {
            if (await WriteAsync(_transitions, token))
                return true;
            await LookAsync(token);
            return _holder == identity && await WriteAsync(_transitions, token);
        }

        /// <summary>A lease has expired when this process has seen no change of it for the whole duration.</summary>
        private async Task<bool> AcquireAsync(CancellationToken token)
        {
            await LookAsync(token);
            if (_revision == 0)
                return await WriteAsync(0, token);
            bool isFree = _holder.Length == 0 || _sinceChange.Elapsed >= pace.Duration;
            return isFree && await WriteAsync(_transitions + 1, token);
        }

        private async Task LookAsync(CancellationToken token)
        {
            RangeResponse reply = await client.RangeAsync(new RangeRequest { Key = _key }, cancellationToken: token);
            if (reply.Kvs.Count == 0)
            {
                _revision = 0;
                return;
            }
            KeyValue stored = reply.Kvs[0];
            if (stored.ModRevision == _revision)
                return;
            LeaseSpec spec = LeaseValues.SpecOf(stored.Value);
            (_revision, _holder, _transitions) = (stored.ModRevision, spec.HolderIdentity, spec.LeaseTransitions);
            _sinceChange.Restart();
        }

        /// <summary>Writes the lease if no other candidate has changed it.</summary>
        private async Task<bool> WriteAsync(int transitions, CancellationToken token)
        {
            var write = new TxnRequest
            {
                Compare =
                {
                    new Compare
                    {
                        Key = _key,
                        Target = Compare.Types.CompareTarget.Mod,
                        Result = Compare.Types.CompareResult.Equal,
                        ModRevision = _revision,
                    },
                },
                Success =
                {
                    new RequestOp
                    {
                        RequestPut = new PutRequest
                        {
                            Key = _key,
                            Value = ByteString.CopyFrom(LeaseValues.Of(identity, transitions, DateTimeOffset.UtcNow)),
                        },
                    },
                },
            };
            TxnResponse reply = await client.TxnAsync(write, cancellationToken: token);
            if (reply.Succeeded)
                (_revision, _transitions) = (reply.Header.Revision, transitions);
            return reply.Succeeded;
        }

        private static async Task<bool> TryAsync(
            Func<CancellationToken, Task<bool>> attempt,
            CancellationToken cancellation
        )
        {
            try
            {
                return await attempt(cancellation);
            }
            catch (RpcException)
            {
                cancellation.ThrowIfCancellationRequested();
                return false;
            }
        }
    }
}
