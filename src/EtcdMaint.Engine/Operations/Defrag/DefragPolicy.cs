using System.Globalization;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>Decides whether a member gains enough from a defragmentation to justify its pause.</summary>
internal sealed class DefragPolicy(DefragRequest request)
{
    private bool HasRule =>
        request.When is not null
        || request.MinimumFragmentationRatio is not null
        || request.MinimumFreeBytes is not null;

    /// <summary>
    /// Returns why the member is skipped, by its sizes or by the user's rule, or null if it is defragmented.
    /// </summary>
    /// <param name="status">The current status of the member.</param>
    /// <param name="mayShowFreePagesLate">Whether the member may have far more free pages than it reports.</param>
    public async Task<string?> EvaluateAsync(EtcdMemberStatus status, bool mayShowFreePagesLate)
    {
        if (EvaluateSizes(status, mayShowFreePagesLate) is { } reason)
            return reason;
        return request.When is { } when && !await when(status).ConfigureAwait(false) ? "the -When rule is false" : null;
    }

    /// <summary>Returns why the member is skipped by its sizes, or null if it is not.</summary>
    public string? EvaluateSizes(EtcdMemberStatus status, bool mayShowFreePagesLate)
    {
        long free = status.FreeBytes ?? 0;
        double ratio = status.FragmentationRatio ?? 0;
        if (
            request.RelievesQuota
            && status.QuotaUsedRatio >= Limits.Health.NearQuota
            && free >= Limits.Defrag.UsefulShareOfQuota * status.QuotaBytes
        )
            return null;
        if (request.MinimumFragmentationRatio is { } minimumRatio && ratio < minimumRatio)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"fragmentation {ratio:0.00} is below {minimumRatio:0.00}"
            );
        if (request.MinimumFreeBytes is { } minimumFree && free < minimumFree)
            return $"{ByteText.Of(free)} free is below {ByteText.Of(minimumFree)}";
        return
            !HasRule
            && !mayShowFreePagesLate
            && free < Limits.Defrag.NegligibleBytes
            && ratio < Limits.Defrag.NegligibleRatio
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"nothing to reclaim: {ByteText.Of(free)} free, fragmentation {ratio:0.00}"
            )
            : null;
    }
}
