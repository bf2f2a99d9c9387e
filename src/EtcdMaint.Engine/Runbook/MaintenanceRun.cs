using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Snapshots;
using static EtcdMaint.EtcdMaintenanceStatus;

namespace EtcdMaint.Engine.Runbook;

/// <summary>
/// Runs the whole runbook on one cluster. Each step reports whether it is due and why, and the first step that fails
/// ends the run. While NOSPACE is armed, the order changes: no history is kept, all members over their quota come first
/// regardless of the rules, and the alarm is cleared directly after them, before the other members.
/// </summary>
internal sealed class MaintenanceRun
{
    private readonly IEtcdCluster _cluster;
    private readonly EtcdConnection _connection;
    private readonly MaintenanceRequest _request;
    private readonly IRunObserver _observer;
    private readonly RecordingObserver _rows;
    private readonly MaintenanceReportBuilder _reportBuilder;
    private readonly BlockingFindings _obstacles;
    private readonly HealthStep _health;
    private readonly MaintenancePreconditions _admission;
    private readonly MaintenanceSteps _steps;
    private readonly CompactionPolicy _compaction;
    private PlannedSteps _planned = new(null);

    public MaintenanceRun(
        IEtcdCluster cluster,
        ClusterContext context,
        EtcdConnection connection,
        MaintenanceRequest request,
        IRunObserver observer
    )
    {
        (_cluster, _connection, _request, _observer) = (cluster, connection, request, observer);
        _rows = new RecordingObserver(observer, context.Time) { OnlyReads = request.PlanOnly };
        _reportBuilder = new MaintenanceReportBuilder(connection, request.Plan?.PlanId, context.Time, _rows);
        _obstacles = new BlockingFindings(request.Defrag.Override);
        _health = new HealthStep(cluster, context, connection.ClusterName, request, _rows, _reportBuilder);
        _admission = new MaintenancePreconditions(context, connection, request, _obstacles, _rows, _reportBuilder);
        _steps = new MaintenanceSteps(cluster, request, _rows, _reportBuilder);
        _compaction = new CompactionPolicy(context, request);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WorkAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _reportBuilder.End(NotAttempted, "the run was ended on request");
        }
        _reportBuilder.EndProgress();
        EtcdMaintenanceReport report = _reportBuilder.ToReport(_rows);
        KeepLastRun(report);
        _observer.Emit(report);
        foreach (EtcdException error in _rows.Errors)
            _observer.ReportError(error);
    }

    /// <summary>Each step has kept only its own members, and a run can have several steps.</summary>
    private void KeepLastRun(EtcdMaintenanceReport report)
    {
        if (report.Defrag.Count > 0)
            _connection.Keep(
                new EtcdDefragRun
                {
                    ClusterName = report.ClusterName,
                    ClusterId = report.ClusterId,
                    StartedAt = report.StartedAt,
                    EndedAt = report.StartedAt + report.Duration,
                    Outcome = $"{report.Reason.TrimEnd('.')}.",
                    Result = report.Defrag,
                    LeaseLost = report.LeaseLost,
                }
            );
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        // A cluster that the plan does not contain is not even read.
        if (!TryMatchPlan(out _))
            return;
        (EtcdHealthReport health, EtcdFinding? obstacle) = await _health
            .LookAsync("Health", _obstacles.Find, mayWait: !_request.PlanOnly, cancellationToken)
            .ConfigureAwait(false);
        _reportBuilder.Found(health);
        if (!TryMatchPlan(out EtcdClusterPlan? plan))
            return;
        _planned = new PlannedSteps(plan);
        string? due = null;
        try
        {
            due = await _admission.FindReasonAsync(health, obstacle, plan, cancellationToken).ConfigureAwait(false);
            if (due is not null)
                await ChangeAsync(health, cancellationToken).ConfigureAwait(false);
        }
        catch (EtcdException failed)
        {
            _rows.ReportError(failed);
            _reportBuilder.End(_rows.FailureStatus, _rows.Errors[0].Message);
        }
        if (due is null)
            return;
        if (_rows.HasErrors)
            _reportBuilder.End(_rows.FailureStatus, _rows.Errors[0].Message);
        foreach (EtcdDefragResult left in _planned.LeaveOthers(health.MemberStatus))
            _rows.Emit(left);
        await FinishAsync(due, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Finds the plan for the cluster. Returns false if the plan does not allow a run; the report then contains the
    /// reason. Without a plan, and until a member has answered, the result is true and null.
    /// </summary>
    private bool TryMatchPlan(out EtcdClusterPlan? cluster)
    {
        cluster = null;
        if (_request.Plan is not { } plan || _connection.ClusterId is null)
            return true;
        PlanMatch match = PlanMatch.Find(plan, _connection);
        cluster = match.Cluster;
        if (match.Reason is not { } reason)
            return true;
        if (match.IsOutdated)
            _admission.LeaveOutdated(reason);
        else
            _reportBuilder.End(NotAttempted, reason);
        return false;
    }

    /// <summary>Runs the steps that change the cluster until one of them reports an error.</summary>
    private async Task ChangeAsync(EtcdHealthReport health, CancellationToken cancellationToken)
    {
        bool isFull = BlockingFindings.IsFull(health);
        if (_request.SnapshotPath is { } path)
            await _steps.SnapshotAsync(path, cancellationToken).ConfigureAwait(false);
        CompactionDecision decision = await _compaction.DecideAsync(health, cancellationToken).ConfigureAwait(false);
        long keep = decision.Keep ?? 0;
        bool isHistoryPlanned = _request.PlanOnly && HasHistory(health, keep);
        IReadOnlyList<MemberTarget> targets = _planned.Select(
            await CompactAsync(health, decision, cancellationToken).ConfigureAwait(false)
        );
        if (!_rows.HasErrors && !isHistoryPlanned)
            targets = await WithoutLiveDataAsync(health, targets, keep, cancellationToken).ConfigureAwait(false);
        if (_rows.HasErrors)
            return;
        if (targets.Count == 0 && _planned.FindReasonWithoutTurns() is { } none)
            _reportBuilder.End("Defrag", Skipped, none);
        if (!isFull && targets.Count > 0)
            await _steps
                .DefragmentAsync(targets, Rules with { RelievesQuota = true }, null, cancellationToken)
                .ConfigureAwait(false);
        if (!isFull)
            return;
        ILookup<bool, MemberTarget> byUrgency = targets.ToLookup(t => IsUrgent(t, health));
        await RescueAsync([.. byUrgency[true]], [.. byUrgency[false]], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends the run if the live data does not fit into the quota. If the figures are not reliable, because no write has
    /// been committed since the compaction, one follower is defragmented to find out. Returns the members that remain.
    /// </summary>
    private async Task<IReadOnlyList<MemberTarget>> WithoutLiveDataAsync(
        EtcdHealthReport health,
        IReadOnlyList<MemberTarget> targets,
        long kept,
        CancellationToken cancellationToken
    )
    {
        EtcdCompactionResult[] compacted = _rows.Recorded<EtcdCompactionResult>();
        if (LiveData.FindTooMuch(health, compacted, kept) is not { } tooMuch)
            return targets;
        if (_request.PlanOnly || !BlockingFindings.IsFull(health) || LiveData.IsSure(compacted))
        {
            _rows.ReportError(tooMuch);
            return targets;
        }
        if (targets.Count == 0)
            return targets;
        MemberTarget first = targets.FirstOrDefault(t => IsUrgent(t, health) && !IsLeader(t, health)) ?? targets[0];
        await _steps
            .DefragmentAsync([first], AtAnySize, "to determine how much of its data is live", cancellationToken)
            .ConfigureAwait(false);
        EtcdDefragResult done = _rows.Recorded<EtcdDefragResult>()[^1];
        if (!_rows.HasErrors && LiveData.FindTooMuch(health, done, kept) is { } proved)
            _rows.ReportError(proved);
        return [.. targets.Where(t => t != first)];
    }

    /// <summary>
    /// Runs the emergency order: the members that keep the alarm armed, then the alarm, then the other members.
    /// </summary>
    private async Task RescueAsync(
        IReadOnlyList<MemberTarget> urgent,
        IReadOnlyList<MemberTarget> others,
        CancellationToken cancellationToken
    )
    {
        if (urgent.Count > 0)
            await _steps
                .DefragmentAsync(urgent, AtAnySize, "they exceed the quota and keep the alarm armed", cancellationToken)
                .ConfigureAwait(false);

        // A voter over its quota arms the alarm again with the next write, so the alarm is not cleared.
        if (_rows.HasErrors || _steps.FindUnfinished() is not null)
            return;
        if (_planned.FindReasonToSkip("Alarm") is { } skipped)
            _reportBuilder.End("Alarm", Skipped, skipped);
        else
            await _steps.ClearAlarmsAsync(cancellationToken).ConfigureAwait(false);
        if (!_rows.HasErrors && others.Count > 0)
            await _steps
                .DefragmentAsync(others, Rules, "they are below the quota", cancellationToken)
                .ConfigureAwait(false);
    }

    private DefragRequest Rules => _planned.Apply(_request.Defrag);

    /// <summary>
    /// The rules for members that are defragmented for any gain, even if the figures do not show it yet.
    /// </summary>
    private DefragRequest AtAnySize =>
        Rules with
        {
            MinimumFragmentationRatio = null,
            MinimumFreeBytes = 0,
            When = null,
        };

    /// <summary>
    /// Compacts even if the history is already short, because this waits for a running compaction, before which the
    /// bytes in use are not meaningful. A plan can use only the current state.
    /// </summary>
    private async Task<IReadOnlyList<MemberTarget>> CompactAsync(
        EtcdHealthReport health,
        CompactionDecision decision,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<EtcdMember> members = await _cluster
            .GetMembersAsync(_request.CallTimeout, _rows, cancellationToken)
            .ConfigureAwait(false);
        MemberTarget[] voters = [.. members.Where(m => !m.IsLearner).Select(m => new MemberTarget(m))];
        if (_planned.FindReasonToSkip("Compaction") is { } skipped)
        {
            _reportBuilder.End("Compaction", Skipped, skipped);
            return voters;
        }
        if (decision.LeftTo is { } api)
        {
            // The API server records a compaction before it compacts.
            if (_request.PlanOnly || api.Revision is null or 0 || api.Revision > health.CompactedRevision)
            {
                _steps.LeaveToApiServer(api, decision.Keep);
                return voters;
            }
            await _steps.AwaitApiServerAsync(voters, api, decision.Keep, cancellationToken).ConfigureAwait(false);
        }
        else if (_request.PlanOnly && !HasHistory(health, decision.Keep ?? 0))
        {
            _steps.LeaveHistory(decision.Keep ?? 0);
            return voters;
        }
        else
            await _steps.CompactAsync(voters, decision, cancellationToken).ConfigureAwait(false);
        return
        [
            .. _rows
                .Recorded<EtcdCompactionResult>()
                .Where(r => r.Member is not null)
                .Select(r => new MemberTarget(r.Member!, ((IUpstreamResult)r).Upstream, r.Reason, r.Brief)),
        ];
    }

    /// <summary>Whether the compaction that a plan shows would remove anything.</summary>
    private static bool HasHistory(EtcdHealthReport health, long keep) =>
        health.CompactedRevision is not { } compacted || health.MemberStatus.Max(m => m.Revision) - compacted > keep;

    /// <summary>
    /// Whether the member exceeds its quota. A member whose quota is unknown counts as over it, and a member without a
    /// limit does not. The size after the compaction is used: during the health check, a member may still have been
    /// applying the writes that filled it.
    /// </summary>
    private bool IsUrgent(MemberTarget target, EtcdHealthReport health)
    {
        EtcdMemberStatus? member = health.MemberStatus.FirstOrDefault(m => m.MemberId == target.Member.MemberId);
        long? size =
            Array.Find(_rows.Recorded<EtcdCompactionResult>(), r => r.MemberId == target.Member.MemberId)?.DbSize
            ?? member?.DbSize;
        return member is not { IsWithoutQuota: true } && !(size <= _request.MaximumQuotaUsedRatio * member?.QuotaBytes);
    }

    private static bool IsLeader(MemberTarget target, EtcdHealthReport health) =>
        health.MemberStatus.FirstOrDefault(m => m.MemberId == target.Member.MemberId)?.IsLeader is true;

    /// <summary>
    /// Checks the cluster again, even after a failure, because the reader first needs the current state.
    /// </summary>
    private async Task FinishAsync(string due, CancellationToken cancellationToken)
    {
        if (_request.PlanOnly)
        {
            if (!_rows.HasErrors)
                _reportBuilder.End(Planned, due);
            return;
        }
        bool hasFailed = _rows.HasErrors;
        bool isDone = !hasFailed && _steps.FindUnfinished() is null;
        (EtcdHealthReport after, EtcdFinding? left) = await _health
            .LookAsync(
                "Verification",
                isDone || hasFailed ? _obstacles.FindLeft : _obstacles.Find,
                mayWait: isDone,
                cancellationToken
            )
            .ConfigureAwait(false);
        _reportBuilder.Left(after);
        if (hasFailed)
            return;
        if (left is not null)
        {
            _rows.ReportError(
                new EtcdException(
                    left.FindingId,
                    EtcdErrorCategory.InvalidResult,
                    left.Message,
                    left.RecommendedAction,
                    _connection.ClusterName
                )
            );
            _reportBuilder.End(Failed, left.Message);
        }
        else if (_steps.FindUnfinished() is { } unfinished)
            _reportBuilder.End(NotAttempted, unfinished);
        else
            _reportBuilder.End(Succeeded, $"{due}; {MaintenanceSteps.Describe(_rows.Recorded<EtcdDefragResult>())}");
    }
}
