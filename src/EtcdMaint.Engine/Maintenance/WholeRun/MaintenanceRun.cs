using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;
using EtcdMaint.Engine.Maintenance.Health;
using static EtcdMaint.EtcdMaintenanceStatus;

namespace EtcdMaint.Engine.Maintenance.WholeRun;

/// <summary>
/// The whole runbook over one cluster. Each step says whether it is due and why; the first that fails ends the run. While
/// NOSPACE is armed the order changes: no history is kept, members over their quota come first, and the alarm is cleared
/// as soon as they are done, before the rest.
/// </summary>
internal sealed class MaintenanceRun(
    IEtcdCluster cluster, ClusterContext context, EtcdConnection connection, MaintenanceRequest request, IRunObserver observer)
{
    private readonly StepRecorder _rows = new(observer);
    private readonly MaintenanceDiary _diary = new(context.Time);

    /// <summary>Findings that maintenance itself is the answer to, or that do not stand in its way.</summary>
    private static readonly HashSet<string> NoObstacle = ["NoSpaceArmed", "LiveDataOverQuota"];

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await WorkAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _diary.End(NotAttempted, "the run was ended on request");
        }
        catch (EtcdException failed)
        {
            _rows.Fail(failed);
            _diary.End(Failed, failed.Message);
        }
        observer.Emit(_diary.ToReport(connection, _rows));
        foreach (EtcdException error in _rows.Errors)
            observer.Fail(error);
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        var limit = new CallLimit(request.CallTimeout, stop);
        EtcdHealthReport health = await CheckAsync("Health", stop).ConfigureAwait(false);
        _diary.Found(health);
        if (health.Finding.FirstOrDefault(IsObstacle) is { } obstacle)
        {
            _rows.Fail(new EtcdException(obstacle.FindingId, EtcdErrorCategory.InvalidOperation, obstacle.Message, obstacle.RecommendedAction, connection.ClusterName));
            _diary.End(Failed, obstacle.Message);
            return;
        }
        if (await KillSwitch.ReadAsync(await context.SurveyAsync(limit).ConfigureAwait(false), limit).ConfigureAwait(false) is { } disabled)
        {
            _diary.End(Skipped, disabled);
            return;
        }
        if (await Worth.FindReasonAsync(health, request.Defrag).ConfigureAwait(false) is not { } reason)
        {
            _diary.End(NothingToDo, "nothing is worth a pause");
            return;
        }
        observer.Tell($"{connection.ClusterName}: maintenance is due, because {reason}.");
        if (await ChangeAsync(health, stop).ConfigureAwait(false))
            await FinishAsync(reason, stop).ConfigureAwait(false);
    }

    /// <summary>The steps that change something; false when one of them ended the run.</summary>
    private async Task<bool> ChangeAsync(EtcdHealthReport health, CancellationToken stop)
    {
        bool isFull = health.Finding.Any(f => f.FindingId == "NoSpaceArmed");
        if (request.SnapshotPath is { } path)
            await SnapshotAsync(path, stop).ConfigureAwait(false);
        IReadOnlyList<MemberTarget> targets = await CompactAsync(isFull ? 0 : request.KeepRevisions, stop).ConfigureAwait(false);
        if (HasEnded || FindLiveDataOverQuota(health) is true)
            return false;

        (List<MemberTarget> urgent, List<MemberTarget> later) = Split(targets, health, isFull);
        if (isFull)
        {
            await DefragmentAsync("Defrag", urgent, WithoutThresholds, stop).ConfigureAwait(false);
            if (HasEnded)
                return false;
            await ClearAlarmsAsync(stop).ConfigureAwait(false);
        }
        if (!HasEnded && later.Count > 0)
            await DefragmentAsync("Defrag", later, request.Defrag, stop).ConfigureAwait(false);
        return !HasEnded;
    }

    private bool HasEnded => _rows.Errors.Count > 0;

    private DefragRequest WithoutThresholds => request.Defrag with { MinimumFragmentationRatio = null, MinimumFreeBytes = null, When = null };

    private bool IsObstacle(EtcdFinding finding) =>
        finding.Severity is EtcdFindingSeverity.Error
        && !NoObstacle.Contains(finding.FindingId)
        && !(Enum.TryParse(finding.FindingId, out EtcdGate gate) && request.Defrag.Override.Contains(gate));

    private async Task<EtcdHealthReport> CheckAsync(string step, CancellationToken stop)
    {
        _diary.Begin(step);
        EtcdHealthReport health = await cluster.CheckHealthAsync(request.CallTimeout, _rows, stop).ConfigureAwait(false);
        _diary.End(step, health.IsHealthy ? Succeeded : Failed, health.IsHealthy ? "healthy" : health.Finding[0].Message);
        return health;
    }

    private async Task SnapshotAsync(string path, CancellationToken stop)
    {
        _diary.Begin("Snapshot");
        var snapshot = new SnapshotRequest { Path = path, CallTimeout = request.CallTimeout, PlanOnly = request.PlanOnly };
        EtcdSnapshot? saved = await cluster.SaveSnapshotAsync(snapshot, _rows, stop).ConfigureAwait(false);
        _diary.Saved(saved);
        _diary.End("Snapshot", saved is null ? Planned : Succeeded, saved?.Path ?? path);
    }

    private async Task<IReadOnlyList<MemberTarget>> CompactAsync(long keep, CancellationToken stop)
    {
        _diary.Begin("Compaction");
        IReadOnlyList<EtcdMember> members = await cluster.GetMembersAsync(request.CallTimeout, _rows, stop).ConfigureAwait(false);
        var compaction = new CompactionRequest
        {
            Targets = [.. members.Where(m => !m.IsLearner).Select(m => new MemberTarget(m))],
            KeepRevisions = keep,
            CallTimeout = request.CallTimeout,
            PlanOnly = request.PlanOnly,
        };
        await cluster.CompactAsync(compaction, _rows, stop).ConfigureAwait(false);
        _diary.End("Compaction", HasEnded ? Failed : request.PlanOnly ? Planned : Succeeded, $"keeping {keep:N0} revisions");
        return [.. _rows.Rows<EtcdCompactionResult>()
            .Where(r => r.Member is not null)
            .Select(r => new MemberTarget(r.Member!, ((IUpstreamResult)r).Upstream, r.Reason))];
    }

    /// <summary>After the compaction what is in use is live: over the quota, no pause would be of any use.</summary>
    private bool FindLiveDataOverQuota(EtcdHealthReport health)
    {
        if (request.PlanOnly)
            return false;
        foreach (EtcdCompactionResult row in _rows.Rows<EtcdCompactionResult>())
        {
            long? quota = Array.Find(health.MemberStatus, m => m.MemberId == row.MemberId)?.QuotaBytes;
            if (quota is not > 0 || row.DbSizeInUse is not { } inUse || (double)inUse / quota <= SpaceCheck.LiveDataLimit)
                continue;
            var error = new EtcdException(
                "LiveDataOverQuota",
                EtcdErrorCategory.LimitsExceeded,
                $"The live data of {row.Member}, {ByteText.Of(inUse)}, takes {(double)inUse / quota.Value:P0} of its quota of {ByteText.Of(quota.Value)}, so no member was made to stand still.",
                "Only a higher quota (--quota-backend-bytes) or deleting data helps.",
                row.MemberId);
            _rows.Fail(error);
            _diary.End(Failed, error.Message);
            return true;
        }
        return false;
    }

    private (List<MemberTarget> Urgent, List<MemberTarget> Later) Split(IReadOnlyList<MemberTarget> targets, EtcdHealthReport health, bool isFull)
    {
        bool IsUrgent(MemberTarget target) => isFull
            && !(Array.Find(health.MemberStatus, m => m.MemberId == target.Member.MemberId)?.QuotaUsedRatio <= request.MaximumQuotaUsedRatio);
        return ([.. targets.Where(IsUrgent)], [.. targets.Where(t => !IsUrgent(t))]);
    }

    private async Task DefragmentAsync(string step, IReadOnlyList<MemberTarget> targets, DefragRequest rules, CancellationToken stop)
    {
        _diary.Begin(step);
        int before = _rows.Rows<EtcdDefragResult>().Length;
        await cluster
            .DefragmentAsync(rules with { Targets = targets, CallTimeout = request.CallTimeout, PlanOnly = request.PlanOnly }, _rows, stop)
            .ConfigureAwait(false);
        EtcdDefragResult[] rows = _rows.Rows<EtcdDefragResult>()[before..];
        int done = rows.Count(r => r.Status is EtcdDefragStatus.Defragmented);
        _diary.End(step, HasEnded ? Failed : request.PlanOnly ? Planned : Succeeded, $"{done} of {rows.Length} members defragmented");
        stop.ThrowIfCancellationRequested();
    }

    private async Task ClearAlarmsAsync(CancellationToken stop)
    {
        _diary.Begin("Alarm");
        var clear = new AlarmClearRequest
        {
            MaximumQuotaUsedRatio = request.MaximumQuotaUsedRatio,
            Override = request.Defrag.Override,
            CallTimeout = request.CallTimeout,
            PlanOnly = request.PlanOnly,
        };
        if (request.PlanOnly)
        {
            // The sizes that decide are those after the defragmentation, which a plan does not have.
            _diary.End("Alarm", Planned, "cleared once no voter is over its quota");
            return;
        }
        await cluster.ClearAlarmsAsync(clear, _rows, stop).ConfigureAwait(false);
        _diary.End("Alarm", HasEnded ? Failed : Succeeded, $"{_rows.Rows<EtcdAlarm>().Count(a => a.Status is EtcdAlarmStatus.Cleared)} alarms cleared");
    }

    private async Task FinishAsync(string reason, CancellationToken stop)
    {
        if (request.PlanOnly)
        {
            _diary.End(Planned, reason);
            return;
        }
        EtcdHealthReport after = await CheckAsync("Verification", stop).ConfigureAwait(false);
        _diary.Left(after);
        _diary.End(after.IsHealthy ? Succeeded : Failed, after.IsHealthy ? reason : after.Finding[0].Message);
    }
}
