using System.Globalization;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Engine.Safety.Locks;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Defragments members, one at a time: sends the call once, finds out how it ended, waits until the cluster is calm
/// again, and compares what the member says then with what it said before.
/// </summary>
internal sealed class MemberDefragOperation(ClusterContext context, DefragRequest request, IRunObserver observer)
{
    /// <summary>A file may grow by a few pages even when nothing was to gain.</summary>
    private const long GrowthTolerance = 1024 * 1024;

    private static readonly TimeSpan MetricsLimit = TimeSpan.FromSeconds(5);

    /// <summary>A new connection over ssh or a forwarded port takes several round trips.</summary>
    private static readonly TimeSpan PrepareLimit = TimeSpan.FromSeconds(10);

    private bool _hasProbed;

    /// <summary>
    /// Null, and nothing sent, when the final check found an obstacle that the gates have to look at again.
    /// </summary>
    /// <param name="state">What the gates have read.</param>
    /// <param name="target">The member.</param>
    /// <param name="latestStart">When it must have been sent at the latest; null for any time.</param>
    /// <param name="runLock">The run's lock, which is told what is sent.</param>
    /// <param name="cancellationToken">Cancelled, nothing more is sent; what was sent is waited for.</param>
    public async Task<(DefragOutcome? Outcome, EtcdException? Obstacle)> RunAsync(
        ClusterState state, MemberReading target, DateTimeOffset? latestStart, RunLock runLock, CancellationToken cancellationToken)
    {
        ResolvedMember member = target.Member;
        ResolvedMember[] answering = [.. state.Voters.Where(v => v.Status is not null).Select(v => v.Member)];
        ResolvedMember[] others = [.. answering.Where(m => m.Id != member.Id)];
        var probe = new StallProbe(context, others);
        var overlaps = new OverlapMonitor(context, observer, member, others);
        Task ready = _hasProbed ? Task.CompletedTask : probe.GetReadyAsync(cancellationToken);
        _hasProbed = true;
        MemberMetrics? metrics = await member.ReadMetricsAsync(new CallBudget(MetricsLimit, cancellationToken)).ConfigureAwait(false);
        RestartCheck restarts = await RestartCheck.BeginAsync(context, member, metrics, cancellationToken).ConfigureAwait(false);
        await ready.ConfigureAwait(false);
        if (SnapshotGate.Find(member, metrics) is { } snapshot && !GateOverride.IsIn(request.Override, snapshot.Gate))
            return (null, snapshot.ToException());

        IPreparedDefrag? unsent;
        try
        {
            unsent = await member.Client!.PrepareDefragAsync(member.Id, new CallBudget(PrepareLimit, cancellationToken)).ConfigureAwait(false);
        }
        catch (EtcdException refused)
        {
            if (refused is MemberCallException { Failure: CallFailure.OtherMember })
                context.Identities.ObserveChange(member.Client!);
            return (null, refused);
        }
        try
        {
            FinalCheckResult check = await new FinalCheck(context, request, runLock).RunAsync(state, target, unsent, overlaps, latestStart, cancellationToken).ConfigureAwait(false);
            if (check.Obstacle is { } obstacle)
                return (null, obstacle);
            var work = new DefragWork(member, metrics, restarts, check.State, answering);

            // Nothing is waited for between the check for a stop and the send.
            cancellationToken.ThrowIfCancellationRequested();
            Task call = CallAsync(unsent, Limit(work));
            unsent = null;
            return (await WatchAsync(call, work, probe, overlaps, runLock, cancellationToken).ConfigureAwait(false), null);
        }
        finally
        {
            unsent?.Dispose();
        }
    }

    private TimeSpan Limit(DefragWork work) => request.DefragTimeout ?? DefragDurationEstimator.Limit(work.Before.DbSizeInUse);

    private static async Task CallAsync(IPreparedDefrag prepared, TimeSpan limit)
    {
        using (prepared)
            await prepared.SendAsync(new CallBudget(limit, CancellationToken.None)).ConfigureAwait(false);
    }

    /// <summary>Waits until the call has ended, and watches the other members meanwhile.</summary>
    private async Task<DefragOutcome> WatchAsync(
        Task call, DefragWork work, StallProbe probe, OverlapMonitor overlaps, RunLock runLock, CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = context.Time.GetUtcNow();
        long started = context.Time.GetTimestamp();
        runLock.MarkBusy(work.Member.Id);
        runLock.KeepUntilEnded(call);
        using var stopped = new StopWait(cancellationToken, request.StopWait, context.Time);
        using var notice = new StopNotice($"{work.Member} of {request.Targets[0].Member.ClusterName}", request.StopWait, context.Time, observer, cancellationToken);
        using var over = new CancellationTokenSource();
        StatusReply before = work.Before;
        observer.LogVerbose(string.Create(
            CultureInfo.InvariantCulture,
            $"{work.Member}: defragmentation started; its file has {ByteText.Of(before.DbSize)}, {ByteText.Of(before.DbSizeInUse)} of them in use."));
        Task<Impact?> probing = probe.RunAsync(over.Token);
        Task watching = overlaps.WatchAsync(over.Token);
        DefragOutcome sent = await EndAsync(call, work, stopped).ConfigureAwait(false);
        TimeSpan took = context.Time.GetElapsedTime(started);
        await over.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        DefragOutcome done = sent with { StartedAt = startedAt, Duration = took, Impact = await probing.ConfigureAwait(false) };
        if (sent.IsAbandoned)
            return done;
        await overlaps.CompareAsync(work.State).ConfigureAwait(false);
        if (sent.Status is not EtcdDefragStatus.Defragmented)
            return done;
        if (overlaps.Overlapping.Count > 0)
            done = done with { Reason = $"overlapped with another tool's defragmentation of {string.Join(", ", overlaps.Overlapping)}" };
        return await VerifyAsync(work, done, stopped.Token).ConfigureAwait(false);
    }

    private async Task<DefragOutcome> EndAsync(Task call, DefragWork work, StopWait stopped)
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
            observer.LogVerbose($"{member}: {failed.Message} The member may still be defragmenting. No other member starts until its state is known.");
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

    private async Task<DefragOutcome> FindOutAsync(DefragWork work, EtcdException failed, StopWait stopped)
    {
        ResolvedMember member = work.Member;
        (DefragCompletion completion, string seen) = await new DefragCompletionMonitor(context, observer)
            .FindOutAsync(member, work.Metrics, work.Restarts, work.Before, Limit(work), stopped.Token)
            .ConfigureAwait(false);
        string why = failed is MemberCallException { Failure: CallFailure.TimedOut } ? "later than the limit" : "the connection broke meanwhile";
        return completion switch
        {
            DefragCompletion.Done => new DefragOutcome(EtcdDefragStatus.Defragmented, why),
            DefragCompletion.Failed => DefragErrors.GivenUp(member, work.Before.Version, failed),
            DefragCompletion.Restarted => DefragErrors.Restarted(member, failed),
            _ => DefragErrors.TimedOut(member, failed, seen),
        };
    }

    /// <summary>Waits until the cluster is calm, then holds the member against what it was before.</summary>
    private async Task<DefragOutcome> VerifyAsync(DefragWork work, DefragOutcome done, CancellationToken cancellationToken)
    {
        (ResolvedMember member, _, _, _, ResolvedMember[] answering) = work;
        StatusReply before = work.Before;
        (MemberReading? last, string? trouble) = await new StabilizationWait(context).WaitAsync(member, answering, cancellationToken).ConfigureAwait(false);
        if (last?.Status is not { } after)
            return done with
            {
                Reason = $"done, but not verified: {trouble}",
                Error = DefragErrors.NotStable(member, trouble),
                EndOfRun = $"{member} did not come back",
            };
        done = done with { BytesAfter = after.DbSize, TermChanges = (long)(after.RaftTerm - before.RaftTerm) };
        if (HasNoSpace(after) && !HasNoSpace(before))
            observer.Warn($"NoSpaceArmed: NOSPACE was armed during the defragmentation of {member}, so the cluster refuses writes. The run continues. Clear the alarm with Clear-EtcdAlarm when there is enough space.");
        if (trouble is not null)
            return done with { Error = DefragErrors.NotStable(member, trouble), EndOfRun = $"the cluster did not become stable: {trouble}" };
        if (await FindContradictionAsync(work).ConfigureAwait(false) is { } contradiction)
            return contradiction with { StartedAt = done.StartedAt, Duration = done.Duration, Impact = done.Impact, BytesAfter = done.BytesAfter, TermChanges = done.TermChanges };

        // Writes that waited meanwhile are in the new file too; only what they do not explain is growth.
        long written = Math.Max(0, after.DbSizeInUse - before.DbSizeInUse);
        return after.DbSize > before.DbSize + written + GrowthTolerance
            ? done with { Status = EtcdDefragStatus.Failed, Reason = "the file grew", Error = DefragErrors.Grew(member, before, after) }
            : done;
    }

    /// <summary>
    /// What speaks against a defragmentation that its caller was told has succeeded: a restart, or a count in the member's
    /// metrics; null also where neither can be read.
    /// </summary>
    private static async Task<DefragOutcome?> FindContradictionAsync(DefragWork work)
    {
        MemberMetrics? now = work.Metrics is null
            ? null
            : await work.Member.ReadMetricsAsync(new CallBudget(MetricsLimit, CancellationToken.None)).ConfigureAwait(false);
        if (await work.Restarts.IsRestartedAsync(now, CancellationToken.None).ConfigureAwait(false))
            return DefragErrors.RestartedAfter(work.Member);
        return now?.DefragCount <= work.Metrics?.DefragCount ? DefragErrors.Elsewhere(work.Member) : null;
    }

    private static bool HasNoSpace(StatusReply status) => AlarmStrings.Read(status.Errors).Any(a => a.Type is EtcdAlarmType.NoSpace);

    /// <summary>What is known of the member that is defragmented.</summary>
    /// <param name="Member">The member.</param>
    /// <param name="Metrics">Its metrics before; null where they cannot be read.</param>
    /// <param name="Restarts">Tells whether its process was started anew since then.</param>
    /// <param name="State">What the voters said directly before.</param>
    /// <param name="Answering">The voters that answered before, itself among them.</param>
    private sealed record DefragWork(
        ResolvedMember Member, MemberMetrics? Metrics, RestartCheck Restarts, ClusterState State, ResolvedMember[] Answering)
    {
        public StatusReply Before { get; } = State.Find(Member.Id)!.Status!;
    }
}
