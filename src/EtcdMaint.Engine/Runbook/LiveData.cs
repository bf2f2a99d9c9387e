using System.Globalization;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Runbook;

/// <summary>
/// Without history, all bytes in use are live data. If they exceed the quota, a defragmentation cannot help, and only a
/// higher quota or deleting data does.
/// </summary>
internal static class LiveData
{
    /// <summary>
    /// Returns the error for the first member whose live data does not fit, or null if all data fits.
    /// </summary>
    /// <param name="health">The members and their quotas.</param>
    /// <param name="compacted">The bytes in use after the compaction. A member without a row uses the value in
    /// <paramref name="health"/>.</param>
    /// <param name="kept">The number of revisions that were kept, which also count as in use.</param>
    public static EtcdException? FindTooMuch(EtcdHealthReport health, EtcdCompactionResult[] compacted, long kept)
    {
        foreach (
            EtcdMemberStatus member in health.MemberStatus.Where(m => m is { IsReachable: true, IsLearner: false })
        )
        {
            long inUse =
                Array.Find(compacted, r => r.MemberId == member.MemberId)?.DbSizeInUse ?? member.DbSizeInUse ?? 0;
            if (IsTooMuch(member, inUse))
                return TooMuch(health, member, inUse, kept, "so no member was defragmented");
        }
        return null;
    }

    /// <summary>
    /// Whether the bytes in use are reliable. Freed pages become visible only with a commit. Without a commit by a
    /// compaction of this run, a cluster that refuses writes may continue to report them as in use.
    /// </summary>
    public static bool IsSure(EtcdCompactionResult[] compacted) =>
        Array.TrueForAll(compacted, r => r.Status is EtcdCompactionStatus.Compacted);

    /// <summary>Returns the error according to a file that was just defragmented, or null if the data fits.</summary>
    public static EtcdException? FindTooMuch(EtcdHealthReport health, EtcdDefragResult done, long kept) =>
        health.MemberStatus.FirstOrDefault(m => m.MemberId == done.MemberId) is { } member
        && done.BytesAfter is { } size
        && IsTooMuch(member, size)
            ? TooMuch(health, member, size, kept, "so no other member was defragmented")
            : null;

    private static bool IsTooMuch(EtcdMemberStatus member, long inUse) =>
        member.QuotaBytes is > 0 && (double)inUse / member.QuotaBytes > Limits.Health.LiveDataOverQuota;

    private static EtcdException TooMuch(
        EtcdHealthReport health,
        EtcdMemberStatus member,
        long inUse,
        long kept,
        string therefore
    )
    {
        string? largest = LargestResourceText.Of(health.LargestResource);
        string what =
            kept > 0 ? $"The live data of {member} with the newest {kept:N0} revisions" : $"The live data of {member}";
        string share = string.Create(CultureInfo.InvariantCulture, $"{100.0 * inUse / member.QuotaBytes!.Value:0} %");
        return new EtcdException(
            BlockingFindings.LiveData,
            EtcdErrorCategory.LimitsExceeded,
            $"{what}, {ByteText.Of(inUse)}, takes {share} of its quota of "
                + $"{ByteText.Of(member.QuotaBytes.Value)}, {therefore}.",
            "Only a higher quota (--quota-backend-bytes) or deleting data "
                + $"helps{(kept > 0 ? ", or removing the history too (Invoke-EtcdCompaction)" : "")}."
                + (largest is null ? "" : $" {largest}"),
            member.MemberId
        );
    }
}
