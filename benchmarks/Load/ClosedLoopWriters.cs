using System.Collections.Concurrent;
using System.Diagnostics;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Load;

/// <summary>
/// Clients that wait for the answer to each write before they send the next one, so a slow cluster receives fewer
/// writes. They write through every member, each pinned to its own member: a write has 10 s and one retry after a
/// change of leader, like a robust client. <see cref="FixedRateWriters"/> does not wait.
/// </summary>
internal sealed class ClosedLoopWriters : IAsyncDisposable
{
    private const int WritersPerMember = 2;

    private const int KeysPerWriter = 50;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private static readonly string Value = new('x', 200);

    private readonly TestEtcdCluster _cluster;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<WriteAttempt> _attempts = new();
    private readonly DateTimeOffset _anchor = DateTimeOffset.UtcNow;
    private readonly Stopwatch _sinceAnchor = Stopwatch.StartNew();
    private readonly Task _writing;

    private ClosedLoopWriters(TestEtcdCluster cluster)
    {
        _cluster = cluster;
        _writing = Task.WhenAll(
            cluster.Members.SelectMany(m =>
                Enumerable.Range(0, WritersPerMember).Select(n => Task.Run(() => WriteAsync(m, n)))
            )
        );
    }

    /// <summary>The clock of the attempts: that of the machine, but monotonic.</summary>
    public DateTimeOffset Now => _anchor + _sinceAnchor.Elapsed;

    public static ClosedLoopWriters Start(TestEtcdCluster cluster) => new(cluster);

    /// <summary>Stops the writers, each after its current write.</summary>
    public async Task<IReadOnlyList<WriteAttempt>> StopAsync()
    {
        await _end.CancelAsync();
        await _writing;
        return [.. _attempts.OrderBy(a => a.Ended)];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private async Task WriteAsync(ClusterMember member, int writer)
    {
        for (int number = 0; !_end.IsCancellationRequested; number++)
        {
            DateTimeOffset started = Now;
            string? failure = await PutAsync(member, $"writer/{member.Name}/{writer}/{number % KeysPerWriter}");
            _attempts.Enqueue(new WriteAttempt(member.Name, started, Now, failure));
            await Task.Delay(Pause, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string?> PutAsync(ClusterMember member, string key)
    {
        using var deadline = new CancellationTokenSource(Timeout);
        for (bool mayRetry = true; ; mayRetry = false)
        {
            try
            {
                await _cluster.KeyValues.PutAsync(key, Value, member, deadline.Token);
                return null;
            }
            catch (GatewayException refused)
                when (mayRetry && refused.Message.Contains("leader changed", StringComparison.Ordinal))
            {
                // Retry once in the remaining time.
            }
            catch (OperationCanceledException)
            {
                return $"no answer within {Timeout.TotalSeconds} s";
            }
            catch (Exception error) when (error is HttpRequestException or GatewayException)
            {
                return error.Message;
            }
        }
    }
}
