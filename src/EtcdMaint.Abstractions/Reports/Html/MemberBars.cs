namespace EtcdMaint.Reports;

/// <summary>
/// The file of each member before and after the run, as bars with a common scale. The scale includes the quota unless
/// the bars would then be too small.
/// </summary>
internal static class MemberBars
{
    /// <summary>
    /// If all files are smaller than this share of the quota, their bars would be too small, so the scale leaves out
    /// the quota.
    /// </summary>
    private const double LeastShare = 0.2;

    public static Html Render(EtcdMaintenanceReport report)
    {
        double scale = Scale(report);
        return Html.Of(
            $"""
            <div class="members">
            {Html.Join(
                report.Before.OrderBy(member => member.ToString(), StringComparer.OrdinalIgnoreCase).Select(member =>
                    Member(report, member, scale)
                )
            )}
            </div>
            <p class="legend"><i class="key use"></i> in use <i class="key free"></i> free pages {(
                IsQuotaShown(report, scale)
                    ? Html.Of($"<i class=\"key quota\"></i> quota")
                    : Html.Of($"<span class=\"aside\">the quota is beyond this scale</span>")
            )}</p>

            """
        );
    }

    private static double Scale(EtcdMaintenanceReport report)
    {
        EtcdMemberStatus[] all = [.. report.Before, .. report.After];
        double largest = Math.Max(1, all.Max(m => m.DbSize) ?? 0);
        double quota = all.Max(m => m.QuotaBytes) ?? 0;
        return largest >= LeastShare * quota ? 1.02 * Math.Max(largest, quota) : 1.25 * largest;
    }

    private static bool IsQuotaShown(EtcdMaintenanceReport report, double scale) =>
        report.Before.Any(m => m.QuotaBytes <= scale);

    private static Html Member(EtcdMaintenanceReport report, EtcdMemberStatus before, double scale)
    {
        EtcdMemberStatus? after = report.After.FirstOrDefault(m => m.MemberId == before.MemberId);
        EtcdDefragResult? planned = report.Defrag.LastOrDefault(row =>
            row.MemberId == before.MemberId && row.Status is EtcdDefragStatus.Planned
        );
        string label = after is null && planned is null ? "now" : "before";
        Html first = Bar(label, before.DbSize, before.DbSizeInUse, before.QuotaBytes, scale);
        Html second =
            after is not null ? Bar("after", after.DbSize, after.DbSizeInUse, after.QuotaBytes, scale)
            : planned is not null ? Bar("planned", planned.BytesAfter, planned.BytesAfter, before.QuotaBytes, scale)
            : Html.None;
        return Html.Of(
            $"""
            <div class="member">
            <div class="who"><b>{before.ToString()}</b> {Tags(after ?? before)}
            <small>{before.Endpoint ?? "not reached"}</small></div>
            <div class="bars">
            {first}
            {second}
            </div>
            </div>

            """
        );
    }

    private static Html Tags(EtcdMemberStatus member) =>
        Html.Of(
            $"""
            {Html.When(member.IsLeader is true, () => Html.Of($"<span class=\"tag\">leader</span> "))}{Html.When(
                member.IsLearner,
                () => Html.Of($"<span class=\"tag\">learner</span> ")
            )}{Html.When(!member.IsReachable, () => Html.Of($"<span class=\"tag bad\">no answer</span> "))}{Html.Join(
                member.Alarm.Select(a => Html.Of($"<span class=\"tag bad\">{a.ToString().ToUpperInvariant()}</span> "))
            )}
            """
        );

    private static Html Bar(string when, long? size, long? inUse, long? quota, double scale)
    {
        if (size is not { } file)
            return Html.Of($"<span class=\"when\">{when}</span><span class=\"quiet\">unknown</span><span></span>");
        double used = 100.0 * (inUse ?? file) / scale;
        double free = 100.0 * (file - (inUse ?? file)) / scale;
        Html mark = Html.When(
            quota <= scale,
            () => Html.Of($"<i class=\"quota\" style=\"left:{100.0 * quota!.Value / scale}\"></i>")
        );
        string freeText = file - inUse > 0 ? $", {PageText.Size(file - inUse)} free" : "";
        return Html.Of(
            $"""
            <span class="when">{when}</span>
            <div class="bar">
            <i class="use" style="width:{used}"></i><i class="free" style="width:{free}"></i>{mark}</div>
            <span class="size"><b>{PageText.Size(file)}</b>{freeText}<small>{OfQuota(file, quota)}</small></span>
            """
        );
    }

    private static string OfQuota(long size, long? quota) =>
        quota is > 0 ? $"{PageText.Percent((double)size / quota)} of {PageText.Size(quota)}" : "quota unknown";
}
