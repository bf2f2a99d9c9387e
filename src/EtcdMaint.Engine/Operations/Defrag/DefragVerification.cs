using System.Globalization;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>Compares a member after its defragmentation with its state before.</summary>
internal sealed class DefragVerification(ClusterContext context, IRunObserver observer)
{
    /// <summary>Waits until the cluster is stable, and returns the outcome completed by the comparison.</summary>
    public async Task<DefragOutcome> VerifyAsync(
        DefragWork work,
        DefragOutcome done,
        CancellationToken cancellationToken
    )
    {
        (ResolvedMember member, _, _, _, ResolvedMember[] answering) = work;
        StatusReply before = work.Before;
        (MemberReading? last, string? trouble) = await new StabilizationWait(context)
            .WaitAsync(member, answering, cancellationToken)
            .ConfigureAwait(false);
        if (last?.Status is not { } after)
            return done with
            {
                Reason = $"defragmented, but not verified: {trouble}",
                Error = DefragErrors.NotStable(member, trouble),
                EndOfRun = $"{member} does not answer again",
            };
        done = done with { BytesAfter = after.DbSize, TermChanges = (long)(after.RaftTerm - before.RaftTerm) };
        if (AlarmStrings.HasNoSpace(after) && !AlarmStrings.HasNoSpace(before))
            observer.Warn(
                $"NoSpaceArmed: NOSPACE was armed during the defragmentation of {member}, so the cluster "
                    + "refuses writes. "
                    + "The run continues. Clear the alarm with Clear-EtcdAlarm when there is enough space."
            );
        if (trouble is not null)
            return done with
            {
                Reason = $"the cluster did not become stable afterwards: {trouble}",
                Error = DefragErrors.NotStable(member, trouble),
                EndOfRun = $"the cluster did not become stable: {trouble}",
            };
        MemberMetrics? now = work.Metrics is null
            ? null
            : await member
                .ReadMetricsAsync(new CallBudget(Limits.Defrag.MetricsTime, CancellationToken.None))
                .ConfigureAwait(false);
        done = done with { MemberDuration = now?.FindDefragDuration(work.Metrics!) };
        LogDuration(member, done);
        if (await FindContradictionAsync(work, now).ConfigureAwait(false) is { } contradiction)
            return contradiction with
            {
                StartedAt = done.StartedAt,
                Duration = done.Duration,
                MemberDuration = done.MemberDuration,
                Impact = done.Impact,
                BytesAfter = done.BytesAfter,
                TermChanges = done.TermChanges,
            };

        // The new file also contains writes that waited for the defragmentation. Only a larger increase counts as
        // growth.
        long written = Math.Max(0, after.DbSizeInUse - before.DbSizeInUse);
        return after.DbSize > before.DbSize + written + Limits.Defrag.GrowthTolerance
            ? done with
            {
                Status = EtcdDefragStatus.Failed,
                Reason = "the file grew",
                Error = DefragErrors.Grew(member, before, after),
            }
            : done with
            {
                IsVerified = true,
            };
    }

    /// <summary>Logs the duration on the member if the answer took noticeably longer.</summary>
    private void LogDuration(ResolvedMember member, DefragOutcome done)
    {
        if (done.Duration - done.MemberDuration > Limits.Defrag.NoticeableStall)
            observer.LogVerbose(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{member}: the defragmentation took {done.MemberDuration!.Value.TotalSeconds:0.0} s on the "
                        + $"member, and the answer arrived after {done.Duration!.Value.TotalSeconds:0.0} s."
                )
            );
    }

    /// <summary>
    /// Returns evidence against a defragmentation that was reported as successful: a restart, or the count in the
    /// metrics of the member. Returns null also if neither can be read.
    /// </summary>
    private static async Task<DefragOutcome?> FindContradictionAsync(DefragWork work, MemberMetrics? now)
    {
        if (await work.Restarts.IsRestartedAsync(now, CancellationToken.None).ConfigureAwait(false))
            return DefragErrors.RestartedAfter(work.Member);
        return now?.DefragCount <= work.Metrics?.DefragCount ? DefragErrors.Elsewhere(work.Member) : null;
    }
}
