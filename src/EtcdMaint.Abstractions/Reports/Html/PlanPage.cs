using System.Text;

namespace EtcdMaint.Reports;

/// <summary>
/// The page of a plan, for the people who approve it: who made it and when, what it changes, in which order, with which
/// pauses and gain, and what makes it outdated.
/// </summary>
internal static class PlanPage
{
    public static byte[] Render(EtcdMaintenancePlan plan) =>
        Encoding.UTF8.GetBytes(
            PageFrame
                .Render(
                    "Plan for etcd maintenance",
                    Html.Of(
                        $"""
                        {Summary(plan)}
                        {Html.Join(plan.Cluster.Where(c => c.MemberPlan.Count > 0).Select(PlanSection.Render))}
                        """
                    ),
                    plan.CreatedAt
                )
                .ToString()
        );

    private static Html Summary(EtcdMaintenancePlan plan) =>
        Html.Of(
            $"""
            <header>
            <h1>Plan for etcd maintenance of {PageText.Count(plan.Cluster.Count, "cluster")}</h1>
            <p class="lead">Made by {plan.CreatedBy}, {PageText.Time(plan.CreatedAt)}{(
                plan.NotAfter is { } end ? $"; not after {PageText.Time(end)}" : ""
            )}</p>
            <p class="quiet">Plan <code>{plan.PlanId}</code>, checksum (SHA-256 of the JSON file without its last two
            lines) <code>{plan.Checksum}</code></p>
            </header>
            <div class="facts">
            {Html.Join(
                plan.Cluster.GroupBy(cluster => cluster.Status)
                    .Select(alike =>
                        KeyFacts.Fact($"{alike.Count()}", PageText.Words(alike.Key), PageText.Tone(alike.Key))
                    )
            )}
            {KeyFacts.Fact(Gain(plan.BytesReclaimedMinimum, plan.BytesReclaimedMaximum), "to reclaim")}
            {KeyFacts.Fact(
                PageText.Span(plan.Cluster.Max(cluster => cluster.LongestPause)),
                "longest pause of one member, predicted"
            )}
            </div>
            {PageTable.Render(
                "Clusters",
                ["Cluster", "Plan", "Reason", "#Members", "#To reclaim", "#Longest pause", "#All pauses"],
                plan.Cluster,
                Row
            )}
            {PageTable.Render("Settings", ["Setting", "Value"], Settings(plan), Setting)}
            <h3>What makes the plan outdated</h3>
            <p>The run compares each cluster with this plan before it changes anything. It does not attempt a cluster if
            its leader, a version, an alarm, or the list of members is different, if another cluster has its name, or if
            the file of a member, or the data in use on which a figure relies, has changed by more than 20 % (and by 16
            MiB or more). The run does nothing that this plan does not contain, and ends earlier if a check fails.</p>

            """
        );

    private static Html Row(EtcdClusterPlan cluster) =>
        Html.Of(
            $"""
            <tr><th>{cluster.ClusterName}</th><td>{PageText.Badge(cluster.Status)}</td><td>{cluster.Reason}</td>
            <td class="num">{cluster.MemberPlan.Count(m => m.Order is not null)} of {cluster.MemberPlan.Count}</td>
            <td class="num">{(cluster.LongestPause is null ? PageText.Unknown : Gain(cluster))}</td>
            <td class="num">{PageText.Span(cluster.LongestPause)}</td>
            <td class="num">{PageText.Span(cluster.TotalPause)}</td></tr>

            """
        );

    public static string Gain(EtcdClusterPlan cluster) =>
        Gain(cluster.BytesReclaimedMinimum, cluster.BytesReclaimedMaximum);

    public static string Gain(long? minimum, long? maximum) =>
        minimum == maximum ? PageText.Size(maximum) : $"{PageText.Size(minimum)} to {PageText.Size(maximum)}";

    private static (string Name, string Value)[] Settings(EtcdMaintenancePlan plan) =>
        [
            ("SnapshotPath", PlainText.Of(plan.SnapshotPath) ?? "no snapshot"),
            ("KeepRevisions", PageText.Number(plan.KeepRevisions)),
            ("KeepDuration", PageText.Span(plan.KeepDuration)),
            ("MinimumFragmentationRatio", PageText.Percent(plan.MinimumFragmentationRatio)),
            ("MinimumFreeBytes", PageText.Size(plan.MinimumFreeBytes)),
            ("MaximumQuotaUsedRatio", PageText.Percent(plan.MaximumQuotaUsedRatio)),
            (
                "MaximumStallSeconds",
                plan.MaximumStallSeconds is { } stall ? PageText.Span(TimeSpan.FromSeconds(stall)) : "no limit"
            ),
            ("MaximumLeaseLost", plan.MaximumLeaseLost is { } lost ? PageText.Number(lost) : "no limit"),
            ("Override", plan.Override.Count == 0 ? "none" : plan.Override.ToString()),
        ];

    private static Html Setting((string Name, string Value) setting) =>
        Html.Of($"<tr><th>{setting.Name}</th><td>{setting.Value}</td></tr>\n");
}
