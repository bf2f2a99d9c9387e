using System.Globalization;

namespace EtcdMaint.Cmdlets;

/// <summary>The rows of plans: a plan with one row for each cluster below it, and the parts of a plan alone.</summary>
internal static class PlanLayout
{
    private const string ReasonHeader = "Reason";

    private const int NameWidth = 16;

    public static TextTable PlanTable(int screen) =>
        new(
            screen,
            null,
            new TextColumn("CreatedAt", 20),
            new TextColumn("CreatedBy", 21),
            new TextColumn("PlanId", 36)
        );

    public static TextTable ClusterTable(int screen) =>
        new(
            screen,
            ReasonHeader,
            new TextColumn("Cluster", 20),
            new TextColumn("Status", 12),
            new TextColumn("Members", 7, IsRight: true),
            new TextColumn("Pause", 10, IsRight: true),
            new TextColumn("Gain", 8, IsRight: true)
        );

    public static TextTable MemberTable(int screen) =>
        new(
            screen,
            ReasonHeader,
            new TextColumn("Order", 5, IsRight: true),
            new TextColumn("Member", NameWidth),
            new TextColumn("Role", 7),
            new TextColumn("Status", 12),
            new TextColumn("Pause", 10, IsRight: true),
            new TextColumn("Gain", 8, IsRight: true)
        );

    /// <summary>The plan, and below it a table of its clusters.</summary>
    public static string Plan(TextTable table, EtcdMaintenancePlan plan)
    {
        TextTable clusters = ClusterTable(ScreenWidth.Now());
        return string.Join(
            '\n',
            plan.Cluster.Select(cluster => Cluster(clusters, cluster))
                .Prepend(clusters.Head())
                .Prepend("")
                .Prepend(table.Row([Time(plan.CreatedAt), plan.CreatedBy, plan.PlanId]))
        );
    }

    public static string Cluster(TextTable table, EtcdClusterPlan cluster) =>
        table.Row(
            [cluster.ClusterName, $"{cluster.Status}", Members(cluster), Pause(cluster), Gain(cluster)],
            cluster.Reason
        );

    public static string Member(TextTable table, EtcdMemberPlan member) =>
        table.Row(
            [
                member.Order?.ToString(CultureInfo.InvariantCulture) ?? "",
                MemberNames.Fit($"{member}", [], NameWidth),
                $"{member.Role}",
                $"{member.Status}",
                Pause(member),
                Gain(member),
            ],
            member.Reason
        );

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    public static string Members(EtcdClusterPlan cluster) =>
        cluster.MemberPlan.Count == 0
            ? ""
            : $"{cluster.MemberPlan.Count(m => m.Order is not null)} of {cluster.MemberPlan.Count}";

    public static string Pause(EtcdClusterPlan cluster) => Pause(cluster.TotalPause);

    public static string Pause(EtcdMemberPlan member) => Pause(member.PredictedDuration);

    public static string Gain(EtcdClusterPlan cluster) =>
        cluster.LongestPause is null ? "" : Gain(cluster.BytesReclaimedMinimum, cluster.BytesReclaimedMaximum);

    public static string Gain(EtcdMemberPlan member) =>
        Gain(member.BytesReclaimedMinimum, member.BytesReclaimedMaximum);

    private static string Pause(TimeSpan? pause) => pause is null ? "" : $"~{Display.Duration(pause)}";

    /// <summary>The predicted gain, or the most that is possible if only a range is known.</summary>
    private static string Gain(long? minimum, long? maximum) =>
        maximum is null ? "" : $"{(minimum == maximum ? "~" : "≤")}{Display.Size(maximum)}";
}
