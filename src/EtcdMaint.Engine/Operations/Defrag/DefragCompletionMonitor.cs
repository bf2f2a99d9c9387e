using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>What became of a defragmentation whose answer never came.</summary>
internal enum DefragCompletion
{
    /// <summary>The member has done it.</summary>
    Done,

    /// <summary>The member has given it up, and counted it as failed.</summary>
    Failed,

    /// <summary>The member's process ended and was started anew.</summary>
    Restarted,

    /// <summary>It could not be found out in time.</summary>
    Unknown,
}

/// <summary>
/// Finds out what became of a defragmentation after its deadline passed or its connection broke. The server goes on
/// without its caller, so nothing else may be touched meanwhile. The member's metrics are the one thing that answers
/// while it works; where they cannot be read, a status that comes back shows that the member is free again, and the
/// kubelet's count of restarts that its process ended.
/// Source: observed on 3.4.23, 3.5.16, 3.5.30.
/// </summary>
internal sealed class DefragCompletionMonitor(ClusterContext context, IRunObserver observer)
{
    /// <summary>Watches for at most <paramref name="patience"/>; the text says what was seen.</summary>
    public async Task<(DefragCompletion Completion, string Seen)> FindOutAsync(
        ResolvedMember member,
        MemberMetrics? before,
        RestartCheck restarts,
        StatusReply statusBefore,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var poll = new PollLoop(context.Time, Limits.Defrag.CompletionPollInterval);
        string seen = "it has not answered since";
        int idle = 0;
        try
        {
            while (poll.Elapsed < patience && idle < Limits.Defrag.IdleSamples)
            {
                Sighting sighting = await LookAsync(
                        member,
                        before,
                        restarts,
                        statusBefore,
                        new CallBudget(Limits.Defrag.CompletionTime, cancellationToken)
                    )
                    .ConfigureAwait(false);
                if (sighting.Completion is { } completion)
                    return (completion, sighting.Seen);
                if (sighting.Seen != seen)
                    observer.LogVerbose($"{member}: {sighting.Seen}.");
                seen = sighting.Seen;
                idle = sighting.IsIdle ? idle + 1 : 0;
                await poll.NextAsync(patience, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever asked has stopped waiting; what was seen last stands.
        }
        return (DefragCompletion.Unknown, seen);
    }

    private async Task<Sighting> LookAsync(
        ResolvedMember member,
        MemberMetrics? before,
        RestartCheck restarts,
        StatusReply statusBefore,
        CallBudget limit
    )
    {
        MemberMetrics? now = await member.ReadMetricsAsync(limit).ConfigureAwait(false);
        if (await restarts.IsRestartedAsync(now, limit.Stop).ConfigureAwait(false))
            return new Sighting(DefragCompletion.Restarted, "its process has restarted");
        if (before is not null && now is not null)
        {
            if (now.IsDefragmenting is true)
                return new Sighting(null, "it is still defragmenting");
            if (now.DefragCount > before.DefragCount)
                return new Sighting(DefragCompletion.Done, "it has finished");
            if (now.FailedDefragCount > (before.FailedDefragCount ?? 0))
                return new Sighting(DefragCompletion.Failed, "it has given up");
        }
        try
        {
            StatusReply status = await member.Client!.GetStatusAsync(limit).ConfigureAwait(false);
            if (status.Header.MemberId != member.Id)
                return new Sighting(null, "another member answers in its place");

            // Without metrics, a file that has shrunk is proof enough: nothing else shrinks it.
            return (before is null || now is null) && status.DbSize < statusBefore.DbSize
                ? new Sighting(DefragCompletion.Done, "it answers again, with a smaller file")
                : new Sighting(null, "it answers again, but has not defragmented", IsIdle: true);
        }
        catch (MemberCallException closed) when (closed.Failure is CallFailure.ConnectionClosed)
        {
            // Over a connection that its user has closed nothing will be seen any more.
            return new Sighting(DefragCompletion.Unknown, "the connection was closed meanwhile");
        }
        catch (EtcdException failed)
        {
            return new Sighting(
                null,
                failed is MemberCallException { Failure: CallFailure.TimedOut }
                    ? "it does not answer yet"
                    : failed.Message.TrimEnd('.')
            );
        }
    }

    private sealed record Sighting(DefragCompletion? Completion, string Seen, bool IsIdle = false);
}
