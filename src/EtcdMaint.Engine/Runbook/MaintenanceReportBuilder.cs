namespace EtcdMaint.Engine.Runbook;

/// <summary>Collects what a run has found and done, and creates its report.</summary>
internal sealed class MaintenanceReportBuilder(
    EtcdConnection connection,
    string? planId,
    TimeProvider time,
    IRunObserver observer
)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();
    private readonly List<EtcdMaintenanceStep> _steps = [];
    private (string Name, DateTimeOffset At, long Stamp)? _open;
    private EtcdHealthReport? _before;
    private EtcdHealthReport? _after;
    private EtcdSnapshot? _snapshot;
    private EtcdMaintenanceStatus _status = EtcdMaintenanceStatus.Failed;
    private string _reason = "a step failed";

    private string Activity => $"Maintaining {connection.ClusterName}";

    public void Begin(string step)
    {
        _open = (step, time.GetUtcNow(), time.GetTimestamp());
        observer.Report(new RunProgress(Activity, step));
    }

    /// <summary>Removes the progress bar.</summary>
    public void EndProgress() => observer.Report(new RunProgress(Activity, "done", 1, IsOver: true));

    public void End(string step, EtcdMaintenanceStatus status, string reason)
    {
        (string _, DateTimeOffset at, long stamp) = _open ?? (step, time.GetUtcNow(), time.GetTimestamp());
        _open = null;
        _steps.Add(
            new EtcdMaintenanceStep
            {
                ClusterName = connection.ClusterName,
                ClusterId = connection.ClusterId ?? "",
                Name = step,
                Status = status,
                Reason = reason,
                StartedAt = at,
                Duration = time.GetElapsedTime(stamp),
            }
        );
    }

    /// <summary>Records how the whole run ended. A step that is still open ended in the same way.</summary>
    public void End(EtcdMaintenanceStatus status, string reason)
    {
        if (_open is { } open)
            End(open.Name, status, reason);
        (_status, _reason) = (status, reason);
    }

    public void Found(EtcdHealthReport health) => _before = health;

    public void Left(EtcdHealthReport health) => _after = health;

    public void Saved(EtcdSnapshot? snapshot) => _snapshot = snapshot;

    public EtcdMaintenanceReport ToReport(RecordingObserver rows) =>
        new()
        {
            ClusterName = connection.ClusterName,
            ClusterId = connection.ClusterId ?? _before?.ClusterId ?? "",
            Ring = connection.Ring,
            Status = _status,
            Reason = _reason,
            PlanId = planId,
            StartedAt = _startedAt,
            Duration = time.GetElapsedTime(_started),
            Step = [.. _steps],
            Before = _before?.MemberStatus ?? [],
            After = _after?.MemberStatus ?? [],
            Snapshot = _snapshot,
            Compaction = rows.Recorded<EtcdCompactionResult>(),
            Defrag = rows.Recorded<EtcdDefragResult>(),
            Alarm = rows.Recorded<EtcdAlarm>(),
            FindingBefore = _before?.Finding ?? [],
            FindingAfter = _after?.Finding ?? [],
            HashBefore = _before?.Hash ?? [],
            HashAfter = _after?.Hash ?? [],
            LargestResource = _before?.LargestResource is { Length: > 0 } before
                ? before
                : _after?.LargestResource ?? [],
            LeaseBefore = rows.Leases?.Before,
            LeaseAfter = rows.Leases?.After,
            LeaseLost = rows.Leases?.Lost,
            Event = rows.Events,
            CompactedRevisionBefore = _before?.CompactedRevision,
            CompactedRevisionAfter = _after?.CompactedRevision,
            ChangeBegan = rows.ChangeBegan,
            Error = [.. rows.Errors.Select(e => $"{e.ErrorId}: {e.Message}")],
        };
}
