namespace EtcdMaint.Reports;

/// <summary>The findings of the health checks before and after the run: resolved, remaining and new ones.</summary>
internal static class FindingTable
{
    public static Html Render(EtcdMaintenanceReport report)
    {
        (EtcdFinding Finding, string When, string Tone)[] rows = [.. RowsOf(report)];
        if (rows.Length == 0)
            return Html.None;
        return Html.Of(
            $"""
            <h3>Findings</h3>
            <div class="scroll"><table>
            <thead><tr><th>Severity</th><th>Finding</th><th>State</th><th>Recommended action</th></tr></thead>
            <tbody>
            {Html.Join(rows.Select(row => Row(row.Finding, row.When, row.Tone)))}
            </tbody></table></div>

            """
        );
    }

    private static IEnumerable<(EtcdFinding Finding, string When, string Tone)> RowsOf(EtcdMaintenanceReport report)
    {
        bool wasCheckedAfter = report.After.Length > 0;
        foreach (EtcdFinding before in report.FindingBefore)
        {
            EtcdFinding? still = report.FindingAfter.FirstOrDefault(after => IsSame(before, after));
            if (!wasCheckedAfter)
                yield return (before, "found", "calm");
            else if (still is null)
                yield return (before, "resolved", "good");
            else
                yield return (still, "remains", "warn");
        }
        foreach (
            EtcdFinding after in report.FindingAfter.Where(after =>
                !report.FindingBefore.Any(before => IsSame(before, after))
            )
        )
            yield return (after, "new", "warn");
    }

    private static bool IsSame(EtcdFinding one, EtcdFinding other) =>
        one.FindingId == other.FindingId && one.MemberName == other.MemberName;

    private static Html Row(EtcdFinding finding, string when, string tone) =>
        Html.Of(
            $"""
            <tr><td>{PageText.Badge(finding.Severity)}</td><td><b>{finding.FindingId}</b><br>{finding.Message}</td>
            <td><span class="badge {tone}">{when}</span></td><td>{finding.RecommendedAction}</td></tr>

            """
        );
}
