using System.Collections.Concurrent;
using System.Diagnostics;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Load;

/// <summary>
/// Clients that write at a fixed rate, regardless of how long each write takes. A write is late from the time at which
/// it was due, so that writes that wait for others count as slow, too. <see cref="ClosedLoopWriters"/> waits for each
/// answer instead.
/// </summary>
internal sealed class FixedRateWriters : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private static readonly string Value = new('x', 200);

    private readonly TestEtcdCluster _cluster;
    private readonly ClusterMember[] _members;
    private readonly int _perSecond;
    private readonly Func<int, string> _keyOf;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<WriteAttempt> _attempts = new();
    private readonly DateTimeOffset _anchor = DateTimeOffset.UtcNow;
    private readonly Stopwatch _sinceAnchor = Stopwatch.StartNew();
    private readonly Task _writing;

    private FixedRateWriters(TestEtcdCluster cluster, int perSecond, Func<int, string> keyOf)
    {
        (_cluster, _perSecond, _keyOf) = (cluster, perSecond, keyOf);
        _members = [.. cluster.Members];
        _writing = Task.Run(WriteAsync);
    }

    /// <param name="cluster">The cluster to write to, through all members in turn.</param>
    /// <param name="perSecond">The number of writes per second.</param>
    /// <param name="keyOf">The key of a write by its number.</param>
    public static FixedRateWriters Start(TestEtcdCluster cluster, int perSecond, Func<int, string> keyOf) =>
        new(cluster, perSecond, keyOf);

    /// <summary>Starts no more writes, and returns all in the order in which they were due.</summary>
    public async Task<IReadOnlyList<WriteAttempt>> StopAsync()
    {
        await _end.CancelAsync();
        await _writing;
        return [.. _attempts.OrderBy(a => a.Started)];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private async Task WriteAsync()
    {
        var pending = new List<Task>();
        for (int number = 0; !_end.IsCancellationRequested; )
        {
            for (; number < _sinceAnchor.Elapsed.TotalSeconds * _perSecond; number++)
                pending.Add(PutAsync(number));
            pending.RemoveAll(p => p.IsCompletedSuccessfully);
            await Task.Delay(Tick, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(pending);
    }

    private async Task PutAsync(int number)
    {
        ClusterMember member = _members[number % _members.Length];
        DateTimeOffset due = _anchor + TimeSpan.FromSeconds((double)number / _perSecond);
        string? failure = null;
        using var deadline = new CancellationTokenSource(Timeout);
        try
        {
            await _cluster.KeyValues.PutAsync(_keyOf(number), Value, member, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            failure = $"no answer within {Timeout.TotalSeconds} s";
        }
        catch (Exception error) when (error is HttpRequestException or GatewayException)
        {
            failure = error.Message;
        }
        _attempts.Enqueue(new WriteAttempt(member.Name, due, _anchor + _sinceAnchor.Elapsed, failure));
    }
}
