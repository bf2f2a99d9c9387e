namespace EtcdMaint.Reports;

/// <summary>One cluster on the page, with the anchor to which the summary links.</summary>
internal sealed record ClusterEntry(EtcdMaintenanceReport Report, string Anchor)
{
    /// <summary>The order of the clusters: those that require attention are first.</summary>
    private static readonly EtcdMaintenanceStatus[] ByConcern =
    [
        EtcdMaintenanceStatus.Failed,
        EtcdMaintenanceStatus.Unreachable,
        EtcdMaintenanceStatus.NotAttempted,
        EtcdMaintenanceStatus.Planned,
        EtcdMaintenanceStatus.Succeeded,
        EtcdMaintenanceStatus.Skipped,
        EtcdMaintenanceStatus.NothingToDo,
    ];

    /// <summary>
    /// Whether the cluster has a section. A cluster that was never started has only its row in the summary.
    /// </summary>
    public bool HasSection => Report.Step.Length > 0 || Report.Before.Length > 0 || Report.Error.Length > 0;

    /// <summary>The longest pause of a member; null if there was none.</summary>
    public EtcdDefragResult? LongestPause =>
        Report.Defrag.Where(row => row.StartedAt is not null && row.Duration is not null).MaxBy(row => row.Duration);

    public static ClusterEntry[] Sort(IReadOnlyList<EtcdMaintenanceReport> reports) =>
        [
            .. reports
                .OrderBy(r => Array.IndexOf(ByConcern, r.Status))
                .ThenBy(r => r.ClusterName, StringComparer.OrdinalIgnoreCase)
                .Select((r, i) => new ClusterEntry(r, $"cluster-{i + 1}")),
        ];
}
