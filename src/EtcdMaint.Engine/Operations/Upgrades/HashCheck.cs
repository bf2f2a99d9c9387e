using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// Compares the data of the voters where the health check could not, for example because an upgraded member has lost
/// its hash from the last compaction. Each voter then computes its hash at the same revision, the leader last, because
/// a member answers no other request meanwhile.
/// </summary>
internal static class HashCheck
{
    public static async Task<IReadOnlyList<EtcdFinding>> FindAsync(UpgradeContext context, EtcdFinding? notCompared)
    {
        if (notCompared is null || context.IsDone || IsProven(context))
            return [];
        MemberReading[] voters =
        [
            .. context.State.Voters.Where(v => v.Status is not null).OrderBy(v => v.Status!.Leader == v.Id),
        ];
        if (voters.Any(v => v.Status!.DbSizeInUse > Limits.Upgrades.HashedBytes))
            return
            [
                NotChecked(
                    "the hashes of the last compaction are not comparable, and no member answers requests while it "
                        + "computes another one"
                ),
            ];
        try
        {
            return await CompareAsync(voters, context).ConfigureAwait(false);
        }
        catch (EtcdException failed)
        {
            return [NotChecked(failed.Message.TrimEnd('.'))];
        }
    }

    /// <summary>Whether the snapshot has the same data as every voter.</summary>
    private static bool IsProven(UpgradeContext context) =>
        context.Snapshot is { MatchesCluster: true } snapshot
        && context.State.Voters.All(v => snapshot.MemberHash.Any(h => h.MemberId == HexId.Format(v.Id)));

    private static async Task<IReadOnlyList<EtcdFinding>> CompareAsync(MemberReading[] voters, UpgradeContext context)
    {
        long revision = voters.Min(v => v.Status!.Header.Revision);
        var hashes = new List<(MemberReading Voter, HashReply Reply)>();
        foreach (MemberReading voter in voters)
            hashes.Add((voter, await voter.Member.Client!.HashAsync(revision, context.Limit).ConfigureAwait(false)));
        if (hashes.Select(h => h.Reply.CompactRevision).Distinct().Count() > 1)
            return [NotChecked("the members have different compacted revisions")];
        return hashes.Select(h => h.Reply.Hash).Distinct().Count() == 1
            ? []
            :
            [
                UpgradeFindings.Blocks(
                    ErrorIds.HashMismatch,
                    $"The members' data differs at revision {revision}: "
                        + string.Join(", ", hashes.Select(h => $"{h.Voter.Member} {h.Reply.Hash:x8}"))
                        + ".",
                    "Do not run maintenance. Find the member that differs from the majority and replace it."
                ),
            ];
    }

    private static EtcdFinding NotChecked(string why) =>
        UpgradeFindings.NotChecked(
            EtcdUpgradeCheck.Hash,
            why,
            "Check again, or compare with a snapshot (-SnapshotPath)."
        );
}
