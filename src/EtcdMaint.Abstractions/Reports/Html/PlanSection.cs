namespace EtcdMaint.Reports;

/// <summary>The section of one cluster in the page of a plan.</summary>
internal static class PlanSection
{
    public static Html Render(EtcdClusterPlan cluster) =>
        Html.Of(
            $"""
            <details class="cluster"{Html.Trusted(cluster.Status is EtcdMaintenanceStatus.Planned ? " open" : "")}>
            <summary><h2>{cluster.ClusterName} {PageText.Badge(cluster.Status)}</h2></summary>
            <p class="lead">{cluster.Reason}</p>
            <p class="quiet">{Origin(cluster)}</p>
            <h3>Members</h3>
            {MemberBars.Render(AsReport(cluster))}
            {PageTable.Render(
                "Order of the members",
                ["#Order", "Member", "Plan", "Role", "Version", "#File", "#In use", "#To reclaim", "#Pause", "Remarks"],
                cluster.MemberPlan,
                Member
            )}
            {PageTable.Render("Steps", ["Step", "Plan", "Reason"], cluster.Step, Step)}
            </details>

            """
        );

    private static string Origin(EtcdClusterPlan cluster)
    {
        string removed = cluster.CompactionRevision is { } to
            ? $", history up to revision {PageText.Number(to)} was to be removed at this time"
            : "";
        return $"Cluster {cluster.ClusterId}, leader {cluster.Leader ?? "unknown"}, revision "
            + $"{PageText.Number(cluster.Revision)}{removed}";
    }

    private static Html Member(EtcdMemberPlan member) =>
        Html.Of(
            $"""
            <tr><td class="num">{PageText.Number(member.Order)}</td><th>{member.ToString()}</th>
            <td>{PageText.Badge(member.Status)}</td><td>{PageText.Words(member.Role)}</td>
            <td>{member.Version ?? PageText.Unknown}</td><td class="num">{PageText.Size(member.DbSize)}</td>
            <td class="num">{PageText.Size(member.DbSizeInUse)}</td>
            <td class="num">{PlanPage.Gain(member.BytesReclaimedMinimum, member.BytesReclaimedMaximum)}</td>
            <td class="num">{PageText.Span(member.PredictedDuration)}</td><td>{member.Reason}</td></tr>

            """
        );

    private static Html Step(EtcdStepPlan step) =>
        Html.Of($"<tr><th>{step.Name}</th><td>{PageText.Badge(step.Status)}</td><td>{step.Reason}</td></tr>\n");

    /// <summary>The bars of the members are those of a report.</summary>
    private static EtcdMaintenanceReport AsReport(EtcdClusterPlan cluster) =>
        new()
        {
            Before =
            [
                .. cluster.MemberPlan.Select(member => new EtcdMemberStatus
                {
                    MemberId = member.MemberId,
                    MemberName = member.MemberName,
                    Member = new EtcdMember { MemberId = member.MemberId, MemberName = member.MemberName },
                    Endpoint = member.IsReachable ? "" : null,
                    IsReachable = member.IsReachable,
                    IsLeader = member.Role is EtcdMemberRole.Leader,
                    IsLearner = member.Role is EtcdMemberRole.Learner,
                    DbSize = member.DbSize,
                    DbSizeInUse = member.DbSizeInUse,
                    QuotaBytes = member.QuotaBytes,
                    Alarm = member.Alarm,
                }),
            ],
            Defrag =
            [
                .. cluster
                    .MemberPlan.Where(member => member is { Order: not null, IsDecidedLater: false })
                    .Select(member => new EtcdDefragResult
                    {
                        MemberId = member.MemberId,
                        Status = EtcdDefragStatus.Planned,
                        BytesAfter = member.DbSize - member.BytesReclaimedMinimum,
                    }),
            ],
        };
}
