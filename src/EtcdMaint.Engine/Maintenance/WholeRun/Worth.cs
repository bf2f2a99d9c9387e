using System.Globalization;
using EtcdMaint.Engine.Maintenance.Defrag;

namespace EtcdMaint.Engine.Maintenance.WholeRun;

/// <summary>Decides from the members' status alone whether a run is worth anything to the cluster.</summary>
internal static class Worth
{
    /// <summary>Why maintenance is due, in some words that hold before and after; null when nothing is worth a pause.</summary>
    public static async Task<string?> FindReasonAsync(EtcdHealthReport health, DefragRequest rules)
    {
        if (Obstacles.IsFull(health))
            return "NOSPACE alarm armed";
        foreach (EtcdMemberStatus status in Voters(health))
        {
            if (status.QuotaUsedRatio >= WorthRule.NearQuota)
                return $"{Percent(status.QuotaUsedRatio)} of the quota of {status} used";
            if (await IsWorthPauseAsync(status, rules).ConfigureAwait(false))
                return Gain(status);
        }
        return null;
    }

    /// <summary>The member with most to gain, in figures.</summary>
    public static string DescribeMost(EtcdHealthReport health) => Voters(health).MaxBy(m => m.FreeBytes) is { } most
        ? $"at most {Gain(most)}"
        : "no voter answered";

    private static IEnumerable<EtcdMemberStatus> Voters(EtcdHealthReport health) =>
        health.MemberStatus.Where(m => m is { IsReachable: true, IsLearner: false });

    private static string Gain(EtcdMemberStatus status) =>
        $"{ByteText.Of(status.FreeBytes ?? 0)} of free pages on {status}, {Percent(status.FragmentationRatio)} of its file";

    private static string Percent(double? ratio) => string.Create(CultureInfo.InvariantCulture, $"{100 * ratio:0} %");

    private static async Task<bool> IsWorthPauseAsync(EtcdMemberStatus status, DefragRequest rules) =>
        status.FragmentationRatio >= (rules.MinimumFragmentationRatio ?? 0)
        && status.FreeBytes >= (rules.MinimumFreeBytes ?? 0)
        && (rules.When is null || await rules.When(status).ConfigureAwait(false));
}
