using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// Watches a span of keys for a time and counts the writes of each group. If the member fails, another one continues;
/// the time between them does not count.
/// </summary>
/// <param name="members">The members to watch at, one after the other.</param>
/// <param name="time">The clock.</param>
/// <param name="length">How long to watch.</param>
internal sealed class WriteSample(IReadOnlyList<ResolvedMember> members, TimeProvider time, TimeSpan length)
{
    private readonly Dictionary<string, (long Writes, long Bytes)> _groups = new(StringComparer.Ordinal);
    private readonly object _counting = new();
    private TimeSpan _watched;
    private long? _since;

    /// <summary>How long the keys were watched.</summary>
    public TimeSpan Watched
    {
        get
        {
            lock (_counting)
                return _watched + (_since is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero);
        }
    }

    /// <summary>The writes and bytes of each group, the most writes first.</summary>
    public IReadOnlyList<(string Prefix, long Writes, long Bytes)> Groups
    {
        get
        {
            lock (_counting)
                return
                [
                    .. _groups
                        .Select(group => (group.Key, group.Value.Writes, group.Value.Bytes))
                        .OrderByDescending(group => group.Writes),
                ];
        }
    }

    /// <summary>Watches until the time is over.</summary>
    /// <param name="span">The keys.</param>
    /// <param name="groupOf">Returns the prefix of the group of a key.</param>
    /// <param name="limit">The time limit until the watch begins.</param>
    public async Task RunAsync(KeySpan span, Func<string, string> groupOf, CallBudget limit)
    {
        using var end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using CancellationTokenRegistration stopping = limit.Stop.Register(end.Cancel);
        var failed = new List<ResolvedMember>();
        while (Watched < length)
        {
            ResolvedMember member = members.First(m => !failed.Contains(m));
            try
            {
                await WatchAsync(member.Client!, span, groupOf, limit with { Stop = end.Token }, end)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!limit.Stop.IsCancellationRequested)
            {
                return;
            }
            catch (MemberCallException broken) when (!broken.ConcernsCluster && failed.Count < members.Count - 1)
            {
                failed.Add(member);
            }
            finally
            {
                end.CancelAfter(Timeout.InfiniteTimeSpan);
                Pause();
            }
        }
    }

    private async Task WatchAsync(
        IMemberClient client,
        KeySpan span,
        Func<string, string> groupOf,
        CallBudget limit,
        CancellationTokenSource end
    )
    {
        await foreach (IReadOnlyList<KeyWrite> writes in client.WatchAsync(span, limit).ConfigureAwait(false))
            lock (_counting)
            {
                if (_since is null)
                {
                    _since = time.GetTimestamp();
                    end.CancelAfter(length - _watched);
                }
                foreach (KeyWrite write in writes)
                {
                    string prefix = groupOf(write.Key);
                    (long count, long bytes) = _groups.GetValueOrDefault(prefix);
                    _groups[prefix] = (count + 1, bytes + write.Bytes);
                }
            }
        limit.Stop.ThrowIfCancellationRequested();
        throw MemberCallException.Create(CallFailure.ConnectionLost, client.Place, "the watch has ended");
    }

    private void Pause()
    {
        lock (_counting)
        {
            if (_since is { } since)
                _watched += time.GetElapsedTime(since);
            _since = null;
        }
    }
}
