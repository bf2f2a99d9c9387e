using System.Globalization;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>Decides whether a member gains enough from a defragmentation to justify its pause.</summary>
internal sealed class DefragPolicy(DefragRequest request)
{
    /// <summary>From this share of its quota on, a member is close enough to NOSPACE that maintenance is due.</summary>
    public const double NearQuota = 0.8;

    /// <summary>The share of the quota that a defragmentation must return for it to help against NOSPACE.</summary>
    private const double UsefulShareOfQuota = 0.1;

    private const long NegligibleBytes = 16L * 1024 * 1024;

    private const double NegligibleRatio = 0.05;

    private bool HasRule =>
        request.When is not null
        || request.MinimumFragmentationRatio is not null
        || request.MinimumFreeBytes is not null;

    /// <summary>
    /// The reason to leave the member alone, by its sizes or by the user's rule; null when it is to be defragmented.
    /// </summary>
    /// <param name="status">The member's status as read just now.</param>
    /// <param name="mayShowFreePagesLate">Whether it may have far more free pages than it reports.</param>
    public async Task<string?> EvaluateAsync(EtcdMemberStatus status, bool mayShowFreePagesLate)
    {
        if (EvaluateSizes(status, mayShowFreePagesLate) is { } reason)
            return reason;
        return request.When is { } when && !await when(status).ConfigureAwait(false) ? "the -When rule is false" : null;
    }

    /// <summary>The reason to leave the member alone by its sizes; null when they give none.</summary>
    public string? EvaluateSizes(EtcdMemberStatus status, bool mayShowFreePagesLate)
    {
        long free = status.FreeBytes ?? 0;
        double ratio = status.FragmentationRatio ?? 0;
        if (
            request.RelievesQuota
            && status.QuotaUsedRatio >= NearQuota
            && free >= UsefulShareOfQuota * status.QuotaBytes
        )
            return null;
        if (request.MinimumFragmentationRatio is { } minimumRatio && ratio < minimumRatio)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"fragmentation {ratio:0.00} is below {minimumRatio:0.00}"
            );
        if (request.MinimumFreeBytes is { } minimumFree && free < minimumFree)
            return $"{ByteText.Of(free)} free is below {ByteText.Of(minimumFree)}";
        return !HasRule && !mayShowFreePagesLate && free < NegligibleBytes && ratio < NegligibleRatio
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"nothing to gain: {ByteText.Of(free)} free, fragmentation {ratio:0.00}"
            )
            : null;
    }
}
