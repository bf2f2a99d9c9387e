namespace EtcdMaint.Metrics;

/// <summary>The metrics of a maintenance run.</summary>
internal static class RunMetrics
{
    /// <summary>A plan is not a run, and has no metrics.</summary>
    private static readonly EtcdMaintenanceStatus[] Statuses =
    [
        .. Enum.GetValues<EtcdMaintenanceStatus>().Where(status => status is not EtcdMaintenanceStatus.Planned),
    ];

    public static MetricMapper<EtcdMaintenanceReport> Mapper { get; } =
        new("cluster")
        {
            {
                "etcdmaint_run_status",
                "1 for the status of the last run, 0 for every other status.",
                "status",
                report => MetricValues.States(Statuses, status => status == report.Status)
            },
            {
                "etcdmaint_run_timestamp_seconds",
                "When the last run ended. Missing if it never started.",
                report => HasStarted(report) ? EndOf(report) : null
            },
            {
                "etcdmaint_run_success_timestamp_seconds",
                "When the last run ended, if it succeeded or had nothing to do. Otherwise missing.",
                report =>
                    report.Status is EtcdMaintenanceStatus.Succeeded or EtcdMaintenanceStatus.NothingToDo
                        ? EndOf(report)
                        : null
            },
            {
                "etcdmaint_run_duration_seconds",
                "The duration of the last run. Missing if it never started.",
                report => HasStarted(report) ? report.Duration.TotalSeconds : null
            },
            { "etcdmaint_run_errors", "The number of errors of the last run.", report => report.Error.Count },
            {
                "etcdmaint_run_defragmented_members",
                "The number of members that the last run defragmented.",
                report => report.Defrag.Count(row => row.Status is EtcdDefragStatus.Defragmented)
            },
            {
                "etcdmaint_run_reclaimed_bytes",
                "The bytes that the last run returned to the disks of all members. Negative if files grew.",
                report => report.BytesReclaimed
            },
            {
                "etcdmaint_run_longest_pause_seconds",
                "The longest time that a member was unavailable for its defragmentation in the last run.",
                LongestPause
            },
            {
                "etcdmaint_run_worst_stall_seconds",
                "The slowest read on another member during these pauses. Missing if none was measured.",
                report => report.Defrag.Max(row => row.WorstStall)?.TotalSeconds
            },
            {
                "etcdmaint_run_lost_leases",
                "The leader-election leases of Kubernetes that were lost during the last run. Missing if unknown.",
                LostLeases
            },
            {
                "etcdmaint_run_snapshot_timestamp_seconds",
                "When the snapshot of the last run was taken. Missing if it took none.",
                report => report.Snapshot is { } snapshot ? MetricValues.Time(snapshot.TakenAt) : null
            },
            { "etcdmaint_run_snapshot_size_bytes", "The size of this snapshot.", report => report.Snapshot?.SizeBytes },
            {
                "etcdmaint_run_snapshot_proven",
                "1 if this snapshot was read again and has the data of the members, 0 if not. Missing if unknown.",
                report => MetricValues.Flag(report.Snapshot?.IsProven)
            },
        };

    /// <summary>Whether a run took place, so that its time counts as the last one.</summary>
    private static bool HasStarted(EtcdMaintenanceReport report) =>
        report.Status is not (EtcdMaintenanceStatus.NotAttempted or EtcdMaintenanceStatus.Unreachable);

    private static double? EndOf(EtcdMaintenanceReport report) =>
        report.StartedAt == default ? null : MetricValues.Time(report.StartedAt + report.Duration);

    private static double? LongestPause(EtcdMaintenanceReport report)
    {
        EtcdDefragResult[] paused = [.. report.Defrag.Where(row => row.StartedAt is not null)];
        if (paused.Length == 0)
            return 0;
        return paused.All(row => row.Duration is not null) ? paused.Max(row => row.Duration)?.TotalSeconds : null;
    }

    /// <summary>Without a defragmentation, the leases are not read, and the run cannot have cost one.</summary>
    private static double? LostLeases(EtcdMaintenanceReport report) =>
        report.LeaseLost?.Count ?? (report.Defrag.Any(row => row.StartedAt is not null) ? null : 0);
}
