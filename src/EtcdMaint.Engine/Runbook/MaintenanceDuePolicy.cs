using System.Globalization;
using EtcdMaint.Engine.Operations.Defrag;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Runbook;

/// <summary>Decides from the members' status alone whether maintenance is due.</summary>
internal static class MaintenanceDuePolicy
{
    /// <summary>Why maintenance is due; null when no voter would benefit.</summary>
    public static async Task<string?> EvaluateAsync(EtcdHealthReport health, DefragRequest rules)
    {
        if (BlockingFindings.IsFull(health))
            return "NOSPACE alarm armed";
        var policy = new DefragPolicy(rules);
        foreach (EtcdMemberStatus status in Voters(health))
        {
            if (status.QuotaUsedRatio >= Limits.Health.NearQuota)
                return $"{Percent(status.QuotaUsedRatio)} of the quota of {status} used";
            if (await policy.EvaluateAsync(status, mayShowFreePagesLate: false).ConfigureAwait(false) is null)
                return Gain(status);
        }
        return null;
    }

    /// <summary>The member with the most free pages, in figures.</summary>
    public static string DescribeMost(EtcdHealthReport health) =>
        Voters(health).MaxBy(m => m.FreeBytes) is { } most ? $"at most {Gain(most)}" : "no voter answered";

    private static IEnumerable<EtcdMemberStatus> Voters(EtcdHealthReport health) =>
        health.MemberStatus.Where(m => m is { IsReachable: true, IsLearner: false });

    private static string Gain(EtcdMemberStatus status) =>
        $"{ByteText.Of(status.FreeBytes ?? 0)} of free pages on {status}, "
        + $"{Percent(status.FragmentationRatio)} of its file";

    private static string Percent(double? ratio) => string.Create(CultureInfo.InvariantCulture, $"{100 * ratio:0} %");
}
