namespace EtcdMaint.Reports;

/// <summary>One cluster of the page, with the anchor that the summary links to.</summary>
internal sealed record ClusterEntry(EtcdMaintenanceReport Report, string Anchor)
{
    /// <summary>What somebody has to look at comes first.</summary>
    private static readonly EtcdMaintenanceStatus[] ByConcern =
    [
        EtcdMaintenanceStatus.Failed,
        EtcdMaintenanceStatus.NotAttempted,
        EtcdMaintenanceStatus.Planned,
        EtcdMaintenanceStatus.Succeeded,
        EtcdMaintenanceStatus.Skipped,
        EtcdMaintenanceStatus.NothingToDo,
    ];

    /// <summary>A cluster that was never started has nothing to show beside its row in the summary.</summary>
    public bool HasSection => Report.Step.Length > 0 || Report.Before.Length > 0 || Report.Error.Length > 0;

    /// <summary>The longest that one of its members stood still; null when none did.</summary>
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
