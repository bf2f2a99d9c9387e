namespace EtcdMaint.Reports;

/// <summary>The results of many clusters: figures, and one row for each cluster.</summary>
internal static class FleetSummary
{
    public static Html Render(ClusterEntry[] entries) =>
        Html.Of(
            $"""
            <header>
            <h1>etcd maintenance of {entries.Length} clusters</h1>
            <p class="lead">{PageText.Time(entries.Min(e => e.Report.StartedAt))}</p>
            </header>
            <div class="facts">
            {Html.Join(entries.GroupBy(e => e.Report.Status).Select(CountOf))}
            <div class="fact"><b>{PageText.Size(entries.Sum(e => e.Report.BytesReclaimed))}</b><span>{(
                IsPlan(entries) ? "to reclaim" : "reclaimed"
            )}</span></div>
            </div>
            <div class="scroll"><table>
            <thead><tr><th>Cluster</th><th>Outcome</th><th>Reason</th><th class="num">Members</th>
            <th class="num">Reclaimed</th><th class="num">Longest pause</th><th class="num">Duration</th></tr></thead>
            <tbody>
            {Html.Join(entries.Select(Row))}
            </tbody></table></div>

            """
        );

    private static bool IsPlan(ClusterEntry[] entries) =>
        entries.Any(e => e.Report.Status is EtcdMaintenanceStatus.Planned);

    private static Html CountOf(IGrouping<EtcdMaintenanceStatus, ClusterEntry> group) =>
        Html.Of(
            $"<div class=\"fact "
                + $"{PageText.Tone(group.Key)}\"><b>{group.Count()}</b><span>{PageText.Words(group.Key)}</span></div>\n"
        );

    private static Html Row(ClusterEntry entry)
    {
        EtcdMaintenanceReport report = entry.Report;
        return Html.Of(
            $"""
            <tr><th>{Name(entry)}</th><td>{PageText.Badge(report.Status)}</td><td>{report.ShownReason}</td>
            <td class="num">{(report.Before.Length > 0 ? $"{report.Before.Length}" : PageText.Unknown)}</td>
            <td class="num">{(report.Defrag.Length > 0 ? PageText.Size(report.BytesReclaimed) : PageText.Unknown)}</td>
            <td class="num">{PageText.Span(entry.LongestPause?.Duration)}</td>
            <td class="num">{(entry.HasSection ? PageText.Span(report.Duration) : PageText.Unknown)}</td></tr>

            """
        );
    }

    private static Html Name(ClusterEntry entry) =>
        entry.HasSection
            ? Html.Of($"<a href=\"#{entry.Anchor}\">{entry.Report.ClusterName}</a>")
            : Html.Of($"{entry.Report.ClusterName}");
}
