namespace EtcdMaint.Reports;

/// <summary>The section of one cluster: the outcome first, then the details.</summary>
internal static class ClusterSection
{
    /// <summary>
    /// Up to this number of clusters, all sections are open. On a longer page, only failed and unreachable
    /// clusters are open.
    /// </summary>
    private const int FewClusters = 5;

    public static Html Render(ClusterEntry entry, int clusters)
    {
        EtcdMaintenanceReport report = entry.Report;
        Html body = Html.Of(
            $"""
            <p class="lead">{report.ShownReason}</p>
            <p class="quiet">{Origin(report)}</p>
            {Errors(report)}
            {KeyFacts.Render(entry)}
            {Html.When(report.Before.Length > 0, () => Html.Of($"<h3>Members</h3>\n{MemberBars.Render(report)}"))}
            {Html.When(
                report.LargestResource.Length > 0,
                () => Html.Of($"<h3>Largest resources</h3>\n{ResourceBars.Render(report)}")
            )}
            {Html.When(report.Step.Length > 1, () => Html.Of($"<h3>Timeline</h3>\n{RunTimeline.Render(report)}"))}
            {RunTables.Render(report)}
            {FindingTable.Render(report)}
            {Story(report)}
            """
        );
        if (clusters == 1)
            return Html.Of(
                $"<header><h1>{report.ClusterName} {PageText.Badge(report.Status)}</h1></header>\n<section "
                    + $"id=\"{entry.Anchor}\">{body}</section>\n"
            );
        bool isOpen =
            clusters <= FewClusters
            || report.Status is EtcdMaintenanceStatus.Failed or EtcdMaintenanceStatus.Unreachable;
        return Html.Of(
            $"""
            <details class="cluster" id="{entry.Anchor}"{Html.Trusted(isOpen ? " open" : "")}>
            <summary><h2>{report.ClusterName} {PageText.Badge(report.Status)}</h2></summary>
            {body}
            </details>

            """
        );
    }

    private static string Origin(EtcdMaintenanceReport report)
    {
        string[] versions =
        [
            .. report.Before.Select(m => m.Version).OfType<string>().Distinct().Order(StringComparer.Ordinal),
        ];
        string id = report.ClusterId.Length > 0 ? $"Cluster {report.ClusterId}, " : "";
        string etcd = versions.Length > 0 ? $"etcd {string.Join(" and ", versions)}, " : "";
        string plan = report.PlanId is null ? "" : $", plan {report.PlanId}";
        return $"{id}{etcd}{PageText.Time(report.StartedAt)}, took {PageText.Span(report.Duration)}{plan}";
    }

    private static Html Errors(EtcdMaintenanceReport report) =>
        Html.When(
            report.Error.Length > 0,
            () =>
                Html.Of(
                    $"<ul class=\"errors\">{Html.Join(report.Error.Select(error => Html.Of($"<li>{error}</li>")))}</ul>"
                )
        );

    private static Html Story(EtcdMaintenanceReport report) =>
        Html.When(
            report.Event.Length > 0,
            () =>
                Html.Of(
                    $"""
                    <details class="story"><summary>Log of the run ({PageText.Count(
                        report.Event.Length,
                        "line"
                    )})</summary>
                    <table>{Html.Join(report.Event.Select(Line))}</table></details>
                    """
                )
        );

    private static Html Line(EtcdMaintenanceEvent told) =>
        Html.Of(
            $"<tr{Html.Trusted(told.IsWarning ? " class=\"warn\"" : "")}><td "
                + $"class=\"num\">{PageText.Clock(told.At)}</td><td>{told.Message}</td></tr>\n"
        );
}
