using System.Globalization;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Engine.Safety.Locks;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>Defragments members, one at a time: prepares and sends the call once, and determines its outcome.</summary>
internal sealed class MemberDefragOperation(ClusterContext context, DefragRequest request, IRunObserver observer)
{
    private bool _hasProbed;

    /// <summary>
    /// Returns null, with nothing sent, if the final check found a reason for which the gates must be checked again.
    /// </summary>
    /// <param name="state">The state that the gates have read.</param>
    /// <param name="target">The member.</param>
    /// <param name="predicted">The predicted duration of the defragmentation.</param>
    /// <param name="latestStart">The latest time at which the call may be sent, or null for any time.</param>
    /// <param name="runLock">The lock of the run, which is informed about the call.</param>
    /// <param name="cancellationToken">Before the call is sent, cancels it. After that, the run still waits for the
    /// call.</param>
    public async Task<(DefragOutcome? Outcome, EtcdException? Obstacle)> RunAsync(
        ClusterState state,
        MemberReading target,
        TimeSpan predicted,
        DateTimeOffset? latestStart,
        RunLock runLock,
        CancellationToken cancellationToken
    )
    {
        ResolvedMember member = target.Member;
        ResolvedMember[] answering = [.. state.Voters.Where(v => v.Status is not null).Select(v => v.Member)];
        ResolvedMember[] others = [.. answering.Where(m => m.Id != member.Id)];
        var probe = new StallProbe(context, others);
        var overlaps = new OverlapMonitor(context, observer, member, others);
        Task ready = _hasProbed ? Task.CompletedTask : probe.GetReadyAsync(cancellationToken);
        _hasProbed = true;
        MemberMetrics? metrics = await member
            .ReadMetricsAsync(new CallBudget(Limits.Defrag.MetricsTime, cancellationToken))
            .ConfigureAwait(false);
        RestartCheck restarts = await RestartCheck
            .BeginAsync(context, member, metrics, cancellationToken)
            .ConfigureAwait(false);
        await ready.ConfigureAwait(false);
        if (metrics is { IsDefragmenting: true })
            return (null, ClusterGates.InFlight([member]).ToException());
        if (SnapshotGate.Find(member, metrics) is { } snapshot && !GateOverride.IsIn(request.Override, snapshot.Gate))
            return (null, snapshot.ToException());

        IPreparedDefrag? unsent;
        try
        {
            unsent = await member
                .Client!.PrepareDefragAsync(member.Id, new CallBudget(Limits.Defrag.PrepareTime, cancellationToken))
                .ConfigureAwait(false);
        }
        catch (EtcdException refused)
        {
            if (refused is MemberCallException { Failure: CallFailure.OtherMember })
                context.Identities.ObserveChange(member.Client!);
            return (null, refused);
        }
        try
        {
            FinalCheckResult check = await new FinalCheck(context, request, runLock)
                .RunAsync(state, target, unsent, overlaps, latestStart, cancellationToken)
                .ConfigureAwait(false);
            if (check.Obstacle is { } obstacle)
                return (null, obstacle);
            var work = new DefragWork(member, metrics, restarts, check.State, answering);

            // Nothing is awaited between the check for a stop and the call.
            cancellationToken.ThrowIfCancellationRequested();
            Task call = CallAsync(unsent, Limit(work));
            unsent = null;
            return (
                await WatchAsync(call, work, predicted, probe, overlaps, runLock, cancellationToken)
                    .ConfigureAwait(false),
                null
            );
        }
        finally
        {
            unsent?.Dispose();
        }
    }

    private TimeSpan Limit(DefragWork work) =>
        request.DefragTimeout ?? DefragDurationEstimator.Limit(work.Before.DbSizeInUse);

    private static async Task CallAsync(IPreparedDefrag prepared, TimeSpan limit)
    {
        using (prepared)
            await prepared.SendAsync(new CallBudget(limit, CancellationToken.None)).ConfigureAwait(false);
    }

    /// <summary>Waits until the call has ended, and observes the other members until then.</summary>
    private async Task<DefragOutcome> WatchAsync(
        Task call,
        DefragWork work,
        TimeSpan predicted,
        StallProbe probe,
        OverlapMonitor overlaps,
        RunLock runLock,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset startedAt = context.Time.GetUtcNow();
        long started = context.Time.GetTimestamp();
        runLock.MarkBusy(work.Member.Id);
        runLock.KeepUntilEnded(call);
        using var stopped = new GracefulStop(request.StopTimeout, context.Time, cancellationToken);
        using var notice = new StopNotice(
            $"{work.Member} of {request.Targets[0].Member.ClusterName}",
            predicted,
            request.StopTimeout,
            context.Time,
            observer,
            cancellationToken
        );
        using var over = new CancellationTokenSource();
        StatusReply before = work.Before;
        observer.LogVerbose(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{work.Member}: defragmentation started. The file has {ByteText.Of(before.DbSize)}, of "
                    + $"which {ByteText.Of(before.DbSizeInUse)} are in use."
            )
        );
        Task<Impact?> probing = probe.RunAsync(over.Token);
        Task watching = overlaps.WatchAsync(over.Token);
        DefragOutcome sent = await EndAsync(call, work, stopped).ConfigureAwait(false);
        TimeSpan took = context.Time.GetElapsedTime(started);
        await over.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        DefragOutcome done = sent with
        {
            StartedAt = startedAt,
            Duration = took,
            Impact = await probing.ConfigureAwait(false),
        };
        if (sent.IsAbandoned)
            return done;
        await overlaps.CompareAsync(work.State).ConfigureAwait(false);
        if (sent.Status is not EtcdDefragStatus.Defragmented)
            return done;
        if (overlaps.Overlapping.Count > 0)
            done = done with
            {
                Reason = $"overlapped with another tool's defragmentation of {string.Join(", ", overlaps.Overlapping)}",
            };
        return await new DefragVerification(context, observer)
            .VerifyAsync(work, done, stopped.Token)
            .ConfigureAwait(false);
    }

    private async Task<DefragOutcome> EndAsync(Task call, DefragWork work, GracefulStop stopped)
    {
        ResolvedMember member = work.Member;
        try
        {
            if (await stopped.EndsFirstAsync(call).ConfigureAwait(false))
                return DefragErrors.Abandoned(member);
            await call.ConfigureAwait(false);
            return new DefragOutcome(EtcdDefragStatus.Defragmented);
        }
        catch (EtcdException failed) when (failed is MemberCallException { IsOutcomeUnknown: true })
        {
            observer.LogVerbose(
                $"{member}: {failed.Message} The member may still be defragmenting. No other member starts "
                    + "until its state is known."
            );
            return await FindOutAsync(work, failed, stopped).ConfigureAwait(false);
        }
        catch (MemberCallException failed) when (failed.Failure is CallFailure.DiskFull)
        {
            return DefragErrors.DiskFull(member, work.Before.Version, failed);
        }
        catch (EtcdException failed)
        {
            return DefragOutcome.Failed(failed);
        }
    }

    private async Task<DefragOutcome> FindOutAsync(DefragWork work, EtcdException failed, GracefulStop stopped)
    {
        ResolvedMember member = work.Member;
        (DefragCompletion completion, string seen) = await new DefragCompletionMonitor(context, observer)
            .FindOutAsync(member, work.Metrics, work.Restarts, work.Before, Limit(work), stopped.Token)
            .ConfigureAwait(false);
        string why = failed is MemberCallException { Failure: CallFailure.TimedOut }
            ? "it took longer than the time limit"
            : "the connection broke during the defragmentation";
        return completion switch
        {
            DefragCompletion.Done => new DefragOutcome(EtcdDefragStatus.Defragmented, why),
            DefragCompletion.Failed => DefragErrors.GivenUp(member, work.Before.Version, failed),
            DefragCompletion.Restarted => DefragErrors.Restarted(member, failed),
            _ => DefragErrors.TimedOut(member, failed, seen),
        };
    }
}
