using System.Globalization;
using EtcdMaint.Engine.Operations.Health;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Runbook;

/// <summary>
/// Once history is gone, what is in use is live: where that is over the quota no pause would be of any use, and only a
/// higher quota or deleting helps.
/// </summary>
internal static class LiveData
{
    /// <summary>The error for the first member whose live data does not fit; null when all fit.</summary>
    /// <param name="health">The members and their quotas.</param>
    /// <param name="compacted">Their bytes in use after the compaction; those in <paramref name="health"/> hold where
    /// there is no row.</param>
    /// <param name="kept">Revisions that were kept, which count as in use too.</param>
    public static EtcdException? FindTooMuch(EtcdHealthReport health, EtcdCompactionResult[] compacted, long kept)
    {
        foreach (
            EtcdMemberStatus member in health.MemberStatus.Where(m => m is { IsReachable: true, IsLearner: false })
        )
        {
            long inUse =
                Array.Find(compacted, r => r.MemberId == member.MemberId)?.DbSizeInUse ?? member.DbSizeInUse ?? 0;
            if (IsTooMuch(member, inUse))
                return TooMuch(member, inUse, kept, "so no member was defragmented");
        }
        return null;
    }

    /// <summary>
    /// Whether the bytes in use can be believed: freed pages show only at a commit, and without one that this run's own
    /// compaction made, a cluster that refuses writes may go on showing them as in use.
    /// </summary>
    public static bool IsSure(EtcdCompactionResult[] compacted) =>
        Array.TrueForAll(compacted, r => r.Status is EtcdCompactionStatus.Compacted);

    /// <summary>The same, told by a file that was just written anew; null when it fits.</summary>
    public static EtcdException? FindTooMuch(EtcdHealthReport health, EtcdDefragResult done, long kept) =>
        Array.Find(health.MemberStatus, m => m.MemberId == done.MemberId) is { } member
        && done.BytesAfter is { } size
        && IsTooMuch(member, size)
            ? TooMuch(member, size, kept, "so no other member was defragmented")
            : null;

    private static bool IsTooMuch(EtcdMemberStatus member, long inUse) =>
        member.QuotaBytes is > 0 && (double)inUse / member.QuotaBytes > Limits.Health.LiveDataOverQuota;

    private static EtcdException TooMuch(EtcdMemberStatus member, long inUse, long kept, string therefore)
    {
        string what =
            kept > 0 ? $"The live data of {member} with the newest {kept:N0} revisions" : $"The live data of {member}";
        string share = string.Create(CultureInfo.InvariantCulture, $"{100.0 * inUse / member.QuotaBytes!.Value:0} %");
        return new EtcdException(
            BlockingFindings.LiveData,
            EtcdErrorCategory.LimitsExceeded,
            $"{what}, {ByteText.Of(inUse)}, takes {share} of its quota of "
                + $"{ByteText.Of(member.QuotaBytes.Value)}, {therefore}.",
            "Only a higher quota (--quota-backend-bytes) or deleting data "
                + $"helps{(kept > 0 ? ", or keeping fewer revisions (-KeepRevisions 0)" : "")}.",
            member.MemberId
        );
    }
}
