using System.Globalization;
using EtcdMaint.Engine.Operations.Compaction;
using EtcdMaint.Engine.Operations.Defrag;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Runbook;

/// <summary>Decides only from the status of the members whether maintenance is due.</summary>
internal static class MaintenanceDuePolicy
{
    /// <summary>
    /// Returns why maintenance is due, or null if no voter would benefit. The reason has no verb, because the report
    /// shows it after the run has changed the figures.
    /// </summary>
    public static async Task<string?> EvaluateAsync(EtcdHealthReport health, MaintenanceRequest request)
    {
        if (BlockingFindings.IsFull(health))
            return "the NOSPACE alarm";
        var policy = new DefragPolicy(request.Defrag);
        foreach (EtcdMemberStatus status in Voters(health))
        {
            if (status.QuotaUsedRatio >= Limits.Health.NearQuota)
                return $"{Percent(status.QuotaUsedRatio)} of the quota in use on {status}";
            if (await policy.EvaluateAsync(status, mayShowFreePagesLate: false).ConfigureAwait(false) is null)
                return Gain(status);
        }
        return
            health.History is { } history && HistoryPolicy.IsLong(history, request.KeepRevisions, request.KeepDuration)
            ? string.Create(CultureInfo.InvariantCulture, $"{history.Length:N0} revisions of history, not compacted")
            : null;
    }

    /// <summary>
    /// Returns each rule with its limit and the value of the member with the most free pages, which no rule selected.
    /// </summary>
    public static string DescribeMost(EtcdHealthReport health, MaintenanceRequest request)
    {
        DefragRequest rules = request.Defrag;
        if (Voters(health).MaxBy(m => m.FreeBytes) is not { } most)
            return "no voter answered";
        string[] shown =
        [
            new DefragPolicy(rules).DescribeSizes(most) is { Length: > 0 } sizes
                ? sizes
                : $"{ByteText.Of(most.FreeBytes ?? 0)} free, fragmentation "
                    + $"{DefragPolicy.Percent(most.FragmentationRatio)}",
            rules.When is null ? "" : "-When: no",
            most.QuotaUsedRatio is { } used
                ? $"{DefragPolicy.Percent(used)} of its quota used, limit "
                    + $"{DefragPolicy.Percent(Limits.Health.NearQuota)}: no"
                : "",
            health.History is { } history
                ? HistoryPolicy.DescribeLength(history, request.KeepRevisions, request.KeepDuration)
                : "",
        ];
        return $"{most} has the most free pages: {string.Join("; ", shown.Where(rule => rule.Length > 0))}";
    }

    private static IEnumerable<EtcdMemberStatus> Voters(EtcdHealthReport health) =>
        health.MemberStatus.Where(m => m is { IsReachable: true, IsLearner: false });

    private static string Gain(EtcdMemberStatus status) =>
        $"{ByteText.Of(status.FreeBytes ?? 0)} of free pages on {status}, "
        + $"{Percent(status.FragmentationRatio)} of its file";

    private static string Percent(double? ratio) => string.Create(CultureInfo.InvariantCulture, $"{100 * ratio:0} %");
}
