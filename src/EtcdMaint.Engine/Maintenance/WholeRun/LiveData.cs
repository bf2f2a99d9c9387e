using System.Globalization;
using EtcdMaint.Engine.Maintenance.Health;

namespace EtcdMaint.Engine.Maintenance.WholeRun;

/// <summary>
/// Once history is gone, what is in use is live: where that is over the quota no pause would be of any use, and only a
/// higher quota or deleting helps.
/// </summary>
internal static class LiveData
{
    /// <summary>The error for the first member whose live data does not fit; null when all fit.</summary>
    /// <param name="health">The members and their quotas.</param>
    /// <param name="compacted">Their bytes in use after the compaction; those in <paramref name="health"/> hold where there is no row.</param>
    /// <param name="kept">Revisions that were kept, which count as in use too.</param>
    public static EtcdException? FindTooMuch(EtcdHealthReport health, EtcdCompactionResult[] compacted, long kept)
    {
        foreach (EtcdMemberStatus member in health.MemberStatus.Where(m => m is { IsReachable: true, IsLearner: false, QuotaBytes: > 0 }))
        {
            EtcdCompactionResult? row = Array.Find(compacted, r => r.MemberId == member.MemberId);
            if (IsDoubtful(member, row))
                continue;
            long inUse = row?.DbSizeInUse ?? member.DbSizeInUse ?? 0;
            if ((double)inUse / member.QuotaBytes > SpaceCheck.LiveDataLimit)
                return TooMuch(member, inUse, kept);
        }
        return null;
    }

    /// <summary>
    /// etcd 3.4 shows freed pages one commit late, and a cluster that refuses writes makes none; only a compaction that
    /// did something makes it show them.
    /// </summary>
    private static bool IsDoubtful(EtcdMemberStatus member, EtcdCompactionResult? row) =>
        member.Version?.StartsWith("3.4.", StringComparison.Ordinal) is true && row?.Status is not EtcdCompactionStatus.Compacted;

    private static EtcdException TooMuch(EtcdMemberStatus member, long inUse, long kept)
    {
        string what = kept > 0 ? $"The live data of {member} with the newest {kept:N0} revisions" : $"The live data of {member}";
        string share = string.Create(CultureInfo.InvariantCulture, $"{100.0 * inUse / member.QuotaBytes!.Value:0} %");
        return new EtcdException(
            Obstacles.LiveData,
            EtcdErrorCategory.LimitsExceeded,
            $"{what}, {ByteText.Of(inUse)}, takes {share} of its quota of {ByteText.Of(member.QuotaBytes.Value)}, so no member was made to stand still.",
            $"Only a higher quota (--quota-backend-bytes) or deleting data helps{(kept > 0 ? ", or keeping fewer revisions (-KeepRevisions 0)" : "")}.",
            member.MemberId);
    }
}
