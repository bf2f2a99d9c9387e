using System.Globalization;
using EtcdMaint.Engine.Operations.Compaction;
using EtcdMaint.Engine.Operations.Defrag;
using static EtcdMaint.EtcdMaintenanceStatus;

namespace EtcdMaint.Engine.Runbook;

/// <summary>The steps that change the cluster. Each step reports what it did, or why it did nothing.</summary>
internal sealed class MaintenanceSteps(
    IEtcdCluster cluster,
    MaintenanceRequest request,
    RecordingObserver rows,
    MaintenanceReportBuilder reportBuilder
)
{
    /// <exception cref="EtcdException">The snapshot could not be saved, or is not proven.</exception>
    public async Task SnapshotAsync(string path, CancellationToken cancellationToken)
    {
        reportBuilder.Begin("Snapshot");
        var snapshot = new SnapshotRequest
        {
            Path = path,
            Prove = true,
            CallTimeout = request.CallTimeout,
        };
        rows.OnlyReads = true;
        EtcdSnapshot? saved = await cluster.SaveSnapshotAsync(snapshot, rows, cancellationToken).ConfigureAwait(false);
        rows.OnlyReads = request.PlanOnly;
        reportBuilder.Saved(saved);
        if (saved is null)
            reportBuilder.End(
                "Snapshot",
                request.PlanOnly ? Planned : Skipped,
                request.PlanOnly ? $"to {path}" : "not confirmed"
            );
        else if (saved.Unproven is { } unproven)
        {
            reportBuilder.End("Snapshot", Failed, unproven.Message);
            throw unproven;
        }
        else
            reportBuilder.End(
                "Snapshot",
                Succeeded,
                $"{ByteText.Of(saved.SizeBytes)} of {saved.MemberName} in {saved.Path}, proven"
            );
    }

    public async Task CompactAsync(
        IReadOnlyList<MemberTarget> targets,
        CompactionDecision decision,
        CancellationToken cancellationToken
    )
    {
        long keep = decision.Keep ?? 0;
        reportBuilder.Begin("Compaction");
        var compaction = new CompactionRequest
        {
            Targets = targets,
            Revision = decision.Revision > 0 ? decision.Revision : null,
            KeepRevisions = keep,
            IsDecided = true,
            CallTimeout = request.CallTimeout,
            PlanOnly = request.PlanOnly,
        };
        await cluster.CompactAsync(compaction, rows, cancellationToken).ConfigureAwait(false);
        EtcdCompactionResult[] done = rows.Recorded<EtcdCompactionResult>();
        string kept = HistoryPolicy.Describe(keep, request.KeepRevisions);
        string reason = done.FirstOrDefault(r => r.Revision is not null) is { } row
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{(request.PlanOnly ? "up" : "compacted up")} to revision {row.Revision}, {kept}"
            )
            : kept;
        if (done.Length > 0 && Array.TrueForAll(done, r => r.Status is EtcdCompactionStatus.Skipped))
            reportBuilder.End("Compaction", Skipped, done[0].Reason ?? reason);
        else if (done.Length > 0 && Array.TrueForAll(done, r => r.Status is EtcdCompactionStatus.AlreadyCompacted))
            LeaveHistory(keep);
        else
            reportBuilder.End(
                "Compaction",
                rows.HasErrors ? rows.FailureStatus
                    : request.PlanOnly ? Planned
                    : Succeeded,
                rows.HasErrors ? rows.Errors[0].Message : reason
            );
    }

    /// <summary>
    /// Waits on each member until a compaction of the API server has removed the history, and compacts nothing.
    /// </summary>
    public async Task AwaitApiServerAsync(
        IReadOnlyList<MemberTarget> targets,
        ApiServerCompaction api,
        long? left,
        CancellationToken cancellationToken
    )
    {
        reportBuilder.Begin("Compaction");
        var wait = new CompactionRequest
        {
            Targets = targets,
            Revision = api.Revision,
            IsDecided = true,
            CallTimeout = request.CallTimeout,
        };
        await cluster.CompactAsync(wait, rows, cancellationToken).ConfigureAwait(false);
        if (rows.HasErrors)
            reportBuilder.End("Compaction", rows.FailureStatus, rows.Errors[0].Message);
        else
            LeaveToApiServer(api, left);
    }

    /// <param name="api">What the API server has recorded.</param>
    /// <param name="left">The number of revisions that are left; null if it is unknown.</param>
    public void LeaveToApiServer(ApiServerCompaction api, long? left) =>
        reportBuilder.End(
            "Compaction",
            Skipped,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the Kubernetes API server compacts this cluster"
                    + $"{(api.Revision is null ? ", but its record is damaged" : $", last to revision {api.Revision}")}"
                    + $"{(left is null ? "" : $"; {left:N0} revisions of history are left")}"
            )
        );

    public void LeaveHistory(long keep) =>
        reportBuilder.End(
            "Compaction",
            Skipped,
            keep == 0
                ? "all history is already compacted"
                : $"history is not longer than the {keep.ToString("N0", CultureInfo.InvariantCulture)} "
                    + "revisions to keep"
        );

    /// <param name="why">Why these members are defragmented in this step, or null if they are all members.</param>
    public async Task DefragmentAsync(
        IReadOnlyList<MemberTarget> targets,
        DefragRequest rules,
        string? why,
        CancellationToken cancellationToken
    )
    {
        reportBuilder.Begin("Defrag");
        int before = rows.Recorded<EtcdDefragResult>().Length;
        await cluster
            .DefragmentAsync(
                rules with
                {
                    Targets = targets,
                    CallTimeout = request.CallTimeout,
                    PlanOnly = request.PlanOnly,
                    LeaseLost = rows.Leases?.Lost ?? [],
                },
                rows,
                cancellationToken
            )
            .ConfigureAwait(false);
        EtcdDefragResult[] done = rows.Recorded<EtcdDefragResult>()[before..];
        string reason = $"{Describe(done)}{(why is null ? "" : $" ({why})")}";
        if (rows.HasErrors)
            reportBuilder.End("Defrag", rows.FailureStatus, rows.Errors[0].Message);
        else
            reportBuilder.End(
                "Defrag",
                request.PlanOnly ? Planned
                    : FindUnfinished() is null ? Succeeded
                    : NotAttempted,
                reason
            );
        cancellationToken.ThrowIfCancellationRequested();
    }

    public async Task ClearAlarmsAsync(CancellationToken cancellationToken)
    {
        reportBuilder.Begin("Alarm");
        if (request.PlanOnly)
        {
            await PlanAlarmsAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        var clear = new AlarmClearRequest
        {
            MaximumQuotaUsedRatio = request.MaximumQuotaUsedRatio,
            Override = request.Defrag.Override,
            CallTimeout = request.CallTimeout,
        };
        await cluster.ClearAlarmsAsync(clear, rows, cancellationToken).ConfigureAwait(false);
        int cleared = rows.Recorded<EtcdAlarm>().Count(a => a.Status is EtcdAlarmStatus.Cleared);
        reportBuilder.End(
            "Alarm",
            rows.HasErrors ? rows.FailureStatus
                : cleared > 0 ? Succeeded
                : Skipped,
            cleared switch
            {
                0 => rows.HasErrors ? rows.Errors[0].Message : "no alarm was cleared",
                1 => "1 alarm was cleared and was not armed again",
                _ => $"{cleared} alarms were cleared and were not armed again",
            }
        );
    }

    /// <summary>Plans the alarms. The sizes after the defragmentation decide, and a plan does not have them.</summary>
    private async Task PlanAlarmsAsync(CancellationToken cancellationToken)
    {
        foreach (
            EtcdAlarm alarm in await cluster
                .GetAlarmsAsync(request.CallTimeout, rows, cancellationToken)
                .ConfigureAwait(false)
        )
        {
            if (alarm.AlarmType is not EtcdAlarmType.NoSpace)
                continue;
            await rows.ConfirmAsync("Clear the alarm", $"{alarm} of {alarm.ClusterName}").ConfigureAwait(false);
            rows.Emit(alarm.As(EtcdAlarmStatus.Planned));
        }
        reportBuilder.End(
            "Alarm",
            Planned,
            string.Create(
                CultureInfo.InvariantCulture,
                $"they will be cleared when no member uses more than "
                    + $"{100 * request.MaximumQuotaUsedRatio:0} % of its quota"
            )
        );
    }

    /// <summary>
    /// Returns why members that would benefit were not started (for example the time limit or a long stall), or null if
    /// there are none.
    /// </summary>
    public string? FindUnfinished() =>
        Array.Find(rows.Recorded<EtcdDefragResult>(), r => r.Status is EtcdDefragStatus.NotAttempted) is { } left
            ? $"{left} was not started: {left.Reason}"
            : null;

    public static string Describe(EtcdDefragResult[] done)
    {
        int planned = done.Count(r => r.Status is EtcdDefragStatus.Planned);
        int finished = done.Count(r => r.Status is EtcdDefragStatus.Defragmented);
        long bytes = done.Sum(r => r.BytesReclaimed ?? 0);
        if (Array.Exists(done, r => r is { Status: EtcdDefragStatus.Planned, BytesAfter: null }))
        {
            long least = done.Sum(r => r.BytesReclaimedMinimum ?? r.BytesReclaimed ?? 0);
            long most = done.Sum(r => r.BytesReclaimedMaximum ?? r.BytesReclaimed ?? 0);
            return $"{planned} of {done.Length} members, {ReclaimRange.Format(least, most)} to reclaim, known during "
                + "the run";
        }
        if (planned > 0)
            return $"{planned} of {done.Length} members, about {ByteText.Of(bytes)} to reclaim";
        return finished > 0 ? $"{finished} of {done.Length} members defragmented, {ByteText.Of(bytes)} reclaimed"
            : done.Length > 0 ? $"none of {done.Length} members would benefit"
            : "no member remained";
    }
}
