using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>The outcome of a defragmentation whose answer was lost.</summary>
internal enum DefragCompletion
{
    /// <summary>The member has finished it.</summary>
    Done,

    /// <summary>The member has stopped it and counted it as failed.</summary>
    Failed,

    /// <summary>The process of the member has restarted.</summary>
    Restarted,

    /// <summary>The outcome could not be determined in time.</summary>
    Unknown,
}

/// <summary>
/// Determines the outcome of a defragmentation after its deadline passed or its connection broke. The server continues
/// without its caller, so no other member may be changed until then. While the member defragments, only its metrics
/// answer. If they cannot be read, a status shows that the member has finished, and the restart count of the kubelet
/// shows that its process ended. Source: observed on 3.4.23, 3.5.16, 3.5.30.
/// </summary>
internal sealed class DefragCompletionMonitor(ClusterContext context, IRunObserver observer)
{
    /// <summary>
    /// Observes the member for up to <paramref name="waitLimit"/>. The text describes the last observation.
    /// </summary>
    public async Task<(DefragCompletion Completion, string Seen)> FindOutAsync(
        ResolvedMember member,
        MemberMetrics? before,
        RestartCheck restarts,
        StatusReply statusBefore,
        TimeSpan waitLimit,
        CancellationToken cancellationToken
    )
    {
        var poll = new PollLoop(context.Time, Limits.Defrag.CompletionPollInterval);
        string seen = "it has not answered since then";
        int idle = 0;
        try
        {
            while (poll.Elapsed < waitLimit && idle < Limits.Defrag.IdleSamples)
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
                await poll.NextAsync(waitLimit, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller has stopped waiting. The last observation is returned.
        }
        return (DefragCompletion.Unknown, seen);
    }

    private static async Task<Sighting> LookAsync(
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
                return new Sighting(DefragCompletion.Failed, "its defragmentation failed");
        }
        try
        {
            StatusReply status = await member.Client!.GetStatusAsync(limit).ConfigureAwait(false);
            if (status.Header.MemberId != member.Id)
                return new Sighting(null, "another member answers at its endpoint");

            // A member that may answer while it defragments proves nothing by its answer, and its file can be smaller
            // because of another tool. Otherwise, without metrics, a smaller file is sufficient proof, because only a
            // defragmentation makes it smaller.
            bool mayBeAtWork = before?.HasNonBlockingDefrag ?? VersionHazards.MayAnswerMeanwhile(status.Version);
            bool isSmaller = status.DbSize < statusBefore.DbSize;
            if ((before is null || now is null) && isSmaller && !mayBeAtWork)
                return new Sighting(DefragCompletion.Done, "it answers again, with a smaller file");
            if (before is not null && now is null && mayBeAtWork)
                return new Sighting(null, "it answers, but its metrics cannot be read");
            return new Sighting(
                null,
                isSmaller
                    ? "it answers with a smaller file, but it may still be defragmenting"
                    : "it answers again, but it has not been defragmented",
                IsIdle: true
            );
        }
        catch (MemberCallException closed) when (closed.Failure is CallFailure.ConnectionClosed)
        {
            // Nothing can be observed over a connection that the user has closed.
            return new Sighting(DefragCompletion.Unknown, "the connection was closed before the result was known");
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
