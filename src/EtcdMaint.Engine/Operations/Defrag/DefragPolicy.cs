using System.Globalization;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>Decides whether a member gains enough from a defragmentation to justify its pause.</summary>
internal sealed class DefragPolicy(DefragRequest request)
{
    /// <summary>
    /// Returns the request without thresholds, for members that a plan has selected. A member with nothing left to
    /// reclaim is then skipped, unless the request accepts any gain.
    /// </summary>
    public static DefragRequest WithoutThresholds(DefragRequest request) =>
        request with
        {
            When = null,
            MinimumFragmentationRatio = null,
            MinimumFreeBytes = request.MinimumFreeBytes is 0 ? 0 : null,
        };

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
        if (ratio < request.MinimumFragmentationRatio || free < request.MinimumFreeBytes)
            return DescribeSizes(status);
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

    /// <summary>Shows each rule for the sizes with the value of the member, the limit and the result.</summary>
    public string DescribeSizes(EtcdMemberStatus status)
    {
        var rules = new List<string>();
        long free = status.FreeBytes ?? 0;
        double ratio = status.FragmentationRatio ?? 0;
        if (request.MinimumFreeBytes is { } minimumFree)
            rules.Add(
                $"{ByteText.Of(free)} free, limit {ByteText.Of(minimumFree)}: "
                    + Answer(free >= minimumFree, nameof(request.MinimumFreeBytes))
            );
        if (request.MinimumFragmentationRatio is { } minimumRatio)
            rules.Add(
                $"fragmentation {Percent(ratio)}, limit {Percent(minimumRatio)}: "
                    + Answer(ratio >= minimumRatio, nameof(request.MinimumFragmentationRatio))
            );
        return string.Join("; ", rules);
    }

    /// <summary>Returns a percentage, rounded down so that a value below a limit never looks like the limit.</summary>
    public static string Percent(double? ratio) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(((ratio ?? 0) * 1000) + 1e-6) / 10:0.#} %");

    private static string Answer(bool holds, string parameter) => holds ? "yes" : $"no (-{parameter})";
}
