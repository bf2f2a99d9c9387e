using System.Globalization;

namespace EtcdMaint.Engine.Maintenance.Defrag;

/// <summary>Whether a member has enough to gain to be worth its pause.</summary>
internal sealed class WorthRule(DefragRequest request)
{
    private const long NegligibleBytes = 16L * 1024 * 1024;

    private const double NegligibleRatio = 0.05;

    /// <summary>From this share of the quota on, it is near enough to make room in time.</summary>
    public const double NearQuota = 0.8;

    /// <summary>The share of the quota that must come back for a pause to be a relief.</summary>
    private const double Relief = 0.1;

    /// <summary>The reason to leave the member alone; null when it is worth it.</summary>
    /// <param name="status">The member's status as read just now.</param>
    /// <param name="mayShowFreePagesLate">Whether it may have far more to gain than it says.</param>
    public string? FindReasonToSkip(EtcdMemberStatus status, bool mayShowFreePagesLate)
    {
        long free = status.FreeBytes ?? 0;
        double ratio = status.FragmentationRatio ?? 0;
        if (request.RelievesQuota && status.QuotaUsedRatio >= NearQuota && free >= Relief * status.QuotaBytes)
            return null;
        if (request.MinimumFragmentationRatio is { } minimumRatio && ratio < minimumRatio)
            return string.Create(CultureInfo.InvariantCulture, $"fragmentation {ratio:0.00} is below {minimumRatio:0.00}");
        if (request.MinimumFreeBytes is { } minimumFree && free < minimumFree)
            return $"{ByteText.Of(free)} free is below {ByteText.Of(minimumFree)}";
        return !HasRule && !mayShowFreePagesLate && free < NegligibleBytes && ratio < NegligibleRatio
            ? string.Create(CultureInfo.InvariantCulture, $"nothing to gain: {ByteText.Of(free)} free, fragmentation {ratio:0.00}")
            : null;
    }

    private bool HasRule => request.When is not null || request.MinimumFragmentationRatio is not null || request.MinimumFreeBytes is not null;
}
