using System.Collections.Concurrent;
using System.Diagnostics;

namespace EtcdMaint.TestCluster;

/// <summary>
/// Writes new keys continuously in the background and records which were acknowledged: a client that shows the effect
/// of an operation of the cluster on writes.
/// </summary>
public sealed class WriteRecorder : IAsyncDisposable
{
    private readonly TestEtcdCluster _cluster;
    private readonly ClusterMember[] _members;
    private readonly string _prefix;
    private readonly TimeSpan _pause;
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _acknowledged = new();
    private readonly ConcurrentQueue<FailedWrite> _failed = new();
    private readonly Stopwatch _sinceAcknowledged = Stopwatch.StartNew();
    private readonly Task _writing;
    private TimeSpan _longestSilence;

    private WriteRecorder(
        TestEtcdCluster cluster,
        IReadOnlyList<ClusterMember>? through,
        TimeSpan pause,
        TimeSpan timeout
    )
    {
        _cluster = cluster;
        _members = [.. through ?? [.. cluster.RunningVoters]];
        _prefix = $"recorder/{Guid.NewGuid().ToString("N")[..8]}/";
        _pause = pause;
        _timeout = timeout;
        _writing = Task.Run(WriteAsync);
    }

    public int Acknowledged => _acknowledged.Count;

    /// <param name="cluster">The cluster to write to.</param>
    /// <param name="through">The members to write through in turn; null selects all running voters.</param>
    /// <param name="pause">The pause between two writes; null is 2 ms.</param>
    /// <param name="timeout">The timeout of one write, after which it counts as failed; null is 5 s.</param>
    public static WriteRecorder Start(
        TestEtcdCluster cluster,
        IReadOnlyList<ClusterMember>? through = null,
        TimeSpan? pause = null,
        TimeSpan? timeout = null
    ) => new(cluster, through, pause ?? TimeSpan.FromMilliseconds(2), timeout ?? TimeSpan.FromSeconds(5));

    /// <summary>Stops writing, and reads the acknowledged keys back through any member.</summary>
    public async Task<WriteReport> StopAsync(CancellationToken cancellation = default)
    {
        await _end.CancelAsync();
        await _writing;
        var present = (await _cluster.KeyValues.KeysAsync(_prefix, cancellation: cancellation)).ToHashSet();
        string[] lost = [.. _acknowledged.Where(key => !present.Contains(key))];
        return new WriteReport(_acknowledged.Count, lost, [.. _failed], _longestSilence);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _writing;
        _end.Dispose();
    }

    private async Task WriteAsync()
    {
        for (var number = 0; !_end.IsCancellationRequested; number++)
        {
            var member = _members[number % _members.Length];
            var key = $"{_prefix}{number:d8}";
            using var deadline = new CancellationTokenSource(_timeout);
            try
            {
                await _cluster.KeyValues.PutAsync(key, "x", member, deadline.Token);
                _acknowledged.Enqueue(key);
                EndSilence();
            }
            catch (OperationCanceledException)
            {
                _failed.Enqueue(
                    new FailedWrite(DateTimeOffset.UtcNow, member.Name, $"no answer within {_timeout.TotalSeconds} s")
                );
            }
            catch (Exception error) when (error is HttpRequestException or GatewayException)
            {
                _failed.Enqueue(new FailedWrite(DateTimeOffset.UtcNow, member.Name, error.Message));
            }
            await Task.Delay(_pause, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        EndSilence();
    }

    private void EndSilence()
    {
        if (_sinceAcknowledged.Elapsed > _longestSilence)
            _longestSilence = _sinceAcknowledged.Elapsed;
        _sinceAcknowledged.Restart();
    }
}
