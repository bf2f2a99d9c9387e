using System.Globalization;

namespace EtcdMaint.Engine.Maintenance.WholeRun;

/// <summary>Decides from the members' status alone whether a run is worth anything to the cluster.</summary>
internal static class Worth
{
    /// <summary>From here on the quota is near enough to remove history in time.</summary>
    private const double NearQuota = 0.8;

    /// <summary>Why maintenance is due; null when nothing is worth a pause.</summary>
    public static async Task<string?> FindReasonAsync(EtcdHealthReport health, DefragRequest rules)
    {
        if (health.Finding.Any(f => f.FindingId == "NoSpaceArmed"))
            return "the NOSPACE alarm is armed";
        foreach (EtcdMemberStatus status in health.MemberStatus.Where(m => m is { IsReachable: true, IsLearner: false }))
        {
            if (status.QuotaUsedRatio >= NearQuota)
                return string.Create(CultureInfo.InvariantCulture, $"{status} uses {status.QuotaUsedRatio:P0} of its quota");
            if (await IsWorthPauseAsync(status, rules).ConfigureAwait(false))
                return string.Create(CultureInfo.InvariantCulture, $"{status} has {ByteText.Of(status.FreeBytes ?? 0)} of free pages, {status.FragmentationRatio:P0} of its file");
        }
        return null;
    }

    private static async Task<bool> IsWorthPauseAsync(EtcdMemberStatus status, DefragRequest rules) =>
        status.FragmentationRatio >= (rules.MinimumFragmentationRatio ?? 0)
        && status.FreeBytes >= (rules.MinimumFreeBytes ?? 0)
        && (rules.When is null || await rules.When(status).ConfigureAwait(false));
}
