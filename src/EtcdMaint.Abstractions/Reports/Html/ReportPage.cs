namespace EtcdMaint.Reports;

/// <summary>One page for all reports: a summary, then each cluster.</summary>
internal static class ReportPage
{
    public static Html Render(IReadOnlyList<EtcdMaintenanceReport> reports, DateTimeOffset createdAt)
    {
        ClusterEntry[] entries = ClusterEntry.Sort(reports);
        string title =
            entries.Length == 1
                ? $"{entries[0].Report.ClusterName}: etcd maintenance"
                : $"etcd maintenance of {entries.Length} clusters";
        return PageFrame.Render(
            title,
            Html.Of(
                $"""
                {Html.When(entries.Length > 1, () => FleetSummary.Render(entries))}
                {Html.Join(entries.Where(e => e.HasSection).Select(e => ClusterSection.Render(e, entries.Length)))}
                """
            ),
            createdAt
        );
    }
}
