using System.Globalization;
using EtcdMaint.Engine.Operations.Defrag;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Runbook;

/// <summary>Decides only from the status of the members whether maintenance is due.</summary>
internal static class MaintenanceDuePolicy
{
    /// <summary>Returns why maintenance is due, or null if no voter would benefit.</summary>
    public static async Task<string?> EvaluateAsync(EtcdHealthReport health, DefragRequest rules)
    {
        if (BlockingFindings.IsFull(health))
            return "the NOSPACE alarm is armed";
        var policy = new DefragPolicy(rules);
        foreach (EtcdMemberStatus status in Voters(health))
        {
            if (status.QuotaUsedRatio >= Limits.Health.NearQuota)
                return $"{status} uses {Percent(status.QuotaUsedRatio)} of its quota";
            if (await policy.EvaluateAsync(status, mayShowFreePagesLate: false).ConfigureAwait(false) is null)
                return Gain(status);
        }
        return null;
    }

    /// <summary>Returns the figures of the member with the most free pages.</summary>
    public static string DescribeMost(EtcdHealthReport health) =>
        Voters(health).MaxBy(m => m.FreeBytes) is { } most ? $"at most {Gain(most)}" : "no voter answered";

    private static IEnumerable<EtcdMemberStatus> Voters(EtcdHealthReport health) =>
        health.MemberStatus.Where(m => m is { IsReachable: true, IsLearner: false });

    private static string Gain(EtcdMemberStatus status) =>
        $"{ByteText.Of(status.FreeBytes ?? 0)} of free pages on {status}, "
        + $"{Percent(status.FragmentationRatio)} of its file";

    private static string Percent(double? ratio) => string.Create(CultureInfo.InvariantCulture, $"{100 * ratio:0} %");
}
