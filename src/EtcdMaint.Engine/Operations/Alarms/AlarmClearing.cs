using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Alarms;

/// <summary>
/// Clears alarms one (member, type) at a time if the access supports it, and only if they will stay cleared. etcd
/// compares the file with the quota, so NOSPACE is armed again with the next write while the file of any member,
/// including a learner, exceeds it.
/// </summary>
internal sealed class AlarmClearing(
    ClusterContext context,
    RecordMapper records,
    AlarmClearRequest request,
    IRunObserver observer
)
{
    public async Task RunAsync(ClusterMembership membership, CancellationToken cancellationToken)
    {
        var limit = new CallBudget(request.CallTimeout, cancellationToken);
        IReadOnlyList<ArmedAlarm> armed = await ListAsync(membership, limit).ConfigureAwait(false);
        IReadOnlyList<ArmedAlarm> chosen = Choose(membership, armed);
        EtcdAlarmType type = request.AlarmType ?? EtcdAlarmType.NoSpace;
        if (type is EtcdAlarmType.NoSpace)
            WarnOfOthers(membership, armed.Except(chosen));
        if (chosen.Count == 0)
        {
            observer.LogVerbose(armed.Count == 0 ? "No alarm is armed." : "None of the armed alarms was selected.");
            return;
        }

        RequireCorruptTyped(membership, armed, type);
        chosen = [.. chosen.Where(a => a.Type == type)];
        RequireSeparable(membership, armed, chosen);
        if (type is EtcdAlarmType.NoSpace && chosen.Count > 0 && !ComesAfterPlan)
            await new AlarmSpace(context, request, observer).RequireAsync(membership, limit).ConfigureAwait(false);

        List<ArmedAlarm> confirmed = await ConfirmAsync(membership, chosen).ConfigureAwait(false);
        RequireSeparable(membership, armed, confirmed);
        (List<ArmedAlarm> cleared, EtcdException? refused) = await DisarmAsync(membership, confirmed, limit)
            .ConfigureAwait(false);
        if (cleared.Count > 0)
            await VerifyAsync(membership, type, cleared, [.. armed.Except(cleared)], limit).ConfigureAwait(false);
        if (refused is not null)
            observer.ReportError(refused);
    }

    /// <summary>
    /// Whether a planned step comes first. The sizes after that step decide, and a plan does not have them.
    /// </summary>
    private bool ComesAfterPlan =>
        request.PlanOnly && request.Targets?.Any(t => t.Upstream is UpstreamState.Planned) is true;

    private static Task<IReadOnlyList<ArmedAlarm>> ListAsync(ClusterMembership membership, CallBudget limit) =>
        ClusterContext.AskAnyVoterAsync(membership, c => c.ListAlarmsAsync(limit));

    /// <summary>
    /// Warns about alarms that were not selected. A single alarm makes the whole cluster refuse writes.
    /// </summary>
    private void WarnOfOthers(ClusterMembership membership, IEnumerable<ArmedAlarm> others)
    {
        EtcdAlarm[] left =
        [
            .. others.Where(a => a.Type is EtcdAlarmType.NoSpace).Select(a => records.Alarm(membership, a)),
        ];
        if (left.Length > 0)
            observer.Warn(
                $"NoSpaceLeft: {left[0].ClusterName} still refuses writes, because "
                    + $"{string.Join(", ", left.AsEnumerable())} was not selected. Get-EtcdAlarm | "
                    + "Clear-EtcdAlarm clears all alarms."
            );
    }

    /// <summary>
    /// Returns the armed alarms that the request selects, and emits rows for those that are skipped after an earlier
    /// failure.
    /// </summary>
    private List<ArmedAlarm> Choose(ClusterMembership membership, IReadOnlyList<ArmedAlarm> armed)
    {
        if (request.Alarms is null && request.Targets is null)
            return [.. armed];

        // An alarm outlives its member. The user cannot specify a member that has left, so selecting all voters also
        // selects its alarm.
        bool isWhole =
            request.Targets is { } targets
            && membership.Voters.All(v =>
                targets.Any(t => t.Member.Id == v.Id && t.Upstream is not UpstreamState.Failed)
            );
        var chosen = new List<ArmedAlarm>();
        foreach (ArmedAlarm alarm in armed)
        {
            (UpstreamState? upstream, string? reason, string? brief) = FindGiven(alarm);
            if (upstream is UpstreamState.Failed)
                observer.Emit(records.Alarm(membership, alarm).As(EtcdAlarmStatus.NotAttempted, reason, brief));
            else if (upstream is not null || (isWhole && membership.Find(alarm.MemberId) is null))
                chosen.Add(alarm);
        }
        return chosen;
    }

    /// <summary>
    /// Returns the result of an earlier step for an alarm that was selected directly or through its member, or null if
    /// it was not selected.
    /// </summary>
    private (UpstreamState? Upstream, string? Reason, string? Brief) FindGiven(ArmedAlarm alarm)
    {
        IUpstreamResult? named = request.Alarms?.FirstOrDefault(a =>
            a.MemberId == HexId.Format(alarm.MemberId) && a.AlarmType == alarm.Type
        );
        return named is not null ? (named.Upstream, named.Reason, named.Brief)
            : request.Targets?.FirstOrDefault(t => t.Member.Id == alarm.MemberId) is { } target
                ? (target.Upstream, target.Reason, target.Brief)
            : (null, null, null);
    }

    private void RequireCorruptTyped(ClusterMembership membership, IReadOnlyList<ArmedAlarm> armed, EtcdAlarmType type)
    {
        if (type is EtcdAlarmType.Corrupt || !armed.Any(a => a.Type is EtcdAlarmType.Corrupt))
            return;
        IEnumerable<EtcdAlarm> corrupt = armed
            .Where(a => a.Type is EtcdAlarmType.Corrupt)
            .Select(a => records.Alarm(membership, a));
        throw new EtcdException(
            ErrorIds.CorruptArmed,
            EtcdErrorCategory.InvalidOperation,
            $"The CORRUPT alarm is armed ({string.Join(", ", corrupt)}), so nothing was cleared.",
            "Find the member whose data differs and replace it. Only then clear the alarm by typing "
                + "-AlarmType Corrupt.",
            membership.ClusterId
        );
    }

    /// <summary>If alarms can be cleared only together, alarms that were not selected would be cleared too.</summary>
    private static void RequireSeparable(
        ClusterMembership membership,
        IReadOnlyList<ArmedAlarm> armed,
        IReadOnlyList<ArmedAlarm> chosen
    )
    {
        if (
            chosen.Count > 0
            && FindTogether(membership) is { } client
            && InseparableAlarms.Find(armed, chosen) is { } why
        )
            throw MemberCallException.Create(why, client.Place);
    }

    private static IMemberClient? FindTogether(ClusterMembership membership) =>
        membership.Voters.Select(v => v.Client).FirstOrDefault(c => c?.DisarmsTogether is true);

    private async Task<List<ArmedAlarm>> ConfirmAsync(ClusterMembership membership, IReadOnlyList<ArmedAlarm> chosen)
    {
        var confirmed = new List<ArmedAlarm>();
        foreach (ArmedAlarm alarm in chosen)
        {
            EtcdAlarm record = records.Alarm(membership, alarm);
            bool isYes = await observer
                .ConfirmAsync("Clear the alarm", $"{record} of {record.ClusterName}")
                .ConfigureAwait(false);
            if (request.PlanOnly)
                observer.Emit(
                    record.As(
                        EtcdAlarmStatus.Planned,
                        ComesAfterPlan
                            ? $"when no member uses more than {request.MaximumQuotaUsedRatio:P0} of its quota"
                            : null
                    )
                );
            else if (isYes)
                confirmed.Add(alarm);
        }
        return confirmed;
    }

    /// <summary>
    /// Stops at the first alarm that cannot be cleared. The alarms that were cleared before are still observed and get
    /// their rows.
    /// </summary>
    private static async Task<(List<ArmedAlarm> Cleared, EtcdException? Refused)> DisarmAsync(
        ClusterMembership membership,
        List<ArmedAlarm> confirmed,
        CallBudget limit
    )
    {
        IEnumerable<IReadOnlyList<ArmedAlarm>> calls =
            confirmed.Count > 0 && FindTogether(membership) is not null
                ? [confirmed]
                : confirmed.Select(a => new[] { a });
        var cleared = new List<ArmedAlarm>();
        foreach (IReadOnlyList<ArmedAlarm> call in calls)
        {
            try
            {
                await ClusterContext
                    .AskAnyVoterAsync(membership, c => c.DisarmAsync(call, limit))
                    .ConfigureAwait(false);
            }
            catch (EtcdException refused)
            {
                return (cleared, refused);
            }
            cleared.AddRange(call);
        }
        return (cleared, null);
    }

    private async Task VerifyAsync(
        ClusterMembership membership,
        EtcdAlarmType type,
        IReadOnlyList<ArmedAlarm> cleared,
        IReadOnlyList<ArmedAlarm> left,
        CallBudget limit
    )
    {
        IReadOnlyList<ArmedAlarm> back = [];
        EtcdException? blind = null;
        var progress = new RunProgress(
            $"Clearing the alarms of {records.Alarm(membership, cleared[0]).ClusterName}",
            "Checking that no alarm is armed again",
            Remaining: Limits.Alarms.RearmTime
        );
        observer.Report(progress);
        try
        {
            back = await new AlarmRearmMonitor(context).FindAsync(membership, type, left, limit).ConfigureAwait(false);
        }
        catch (EtcdException failed)
        {
            blind = failed;
        }
        observer.Report(progress with { IsOver = true });
        foreach (ArmedAlarm alarm in cleared.Except(back))
            observer.Emit(
                records
                    .Alarm(membership, alarm)
                    .As(EtcdAlarmStatus.Cleared, blind is null ? null : "not observed afterwards")
            );
        foreach (ArmedAlarm alarm in back)
        {
            EtcdAlarm record = records.Alarm(membership, alarm);
            observer.Emit(record.As(EtcdAlarmStatus.Armed, "it was armed again directly after it was cleared"));
            observer.ReportError(
                new EtcdException(
                    ErrorIds.AlarmRearmed,
                    EtcdErrorCategory.InvalidResult,
                    $"The alarm {record} was armed again directly after it was cleared.",
                    "Check the sizes with Get-EtcdMemberStatus. The file of a member is larger than its quota.",
                    record
                )
            );
        }
        if (blind is not null)
            observer.ReportError(blind);
    }
}
