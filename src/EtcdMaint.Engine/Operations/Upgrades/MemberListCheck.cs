using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// Compares the member list of each member with those of the others: IDs, learners and peer URLs. Up to 3.5, a member
/// answers from its v2 store, and from 3.6 on from its v3 store. It also finds learners.
/// </summary>
internal static class MemberListCheck
{
    public static async Task<IReadOnlyList<EtcdFinding>> FindAsync(UpgradeContext context)
    {
        ResolvedMember[] voters = [.. context.State.ClusterMembership.Voters.Where(v => v.Client is not null)];
        MemberListReply?[] lists = await Task.WhenAll(voters.Select(v => ReadAsync(v, context))).ConfigureAwait(false);
        string[] silent = [.. voters.Where((_, i) => lists[i] is null).Select(v => v.ToString())];
        return
        [
            .. FindLearners(context),
            .. Compare([.. voters.Zip(lists).Where(v => v.Second is not null).Select(v => (v.First, v.Second!))]),
            .. silent.Length == 0
                ? Array.Empty<EtcdFinding>()
                :
                [
                    UpgradeFindings.NotChecked(
                        EtcdUpgradeCheck.MemberList,
                        $"{string.Join(", ", silent)} did not return it",
                        "Check again."
                    ),
                ],
        ];
    }

    private static async Task<MemberListReply?> ReadAsync(ResolvedMember member, UpgradeContext context)
    {
        try
        {
            MemberListReply list = await member
                .Client!.ListMembersAsync(linearizable: false, context.Limit)
                .ConfigureAwait(false);
            return list.Header.MemberId == member.Id ? list : null;
        }
        catch (EtcdException)
        {
            return null;
        }
    }

    private static IEnumerable<EtcdFinding> FindLearners(UpgradeContext context)
    {
        ResolvedMember[] learners = [.. context.State.ClusterMembership.ByName.Where(m => m.Entry.IsLearner)];
        if (learners.Length > 0)
            yield return UpgradeFindings.Blocks(
                ErrorIds.UpgradeLearner,
                $"{string.Join(", ", learners.AsEnumerable())} "
                    + $"{(learners.Length == 1 ? "is a learner" : "are learners")}, "
                    + "so a change of the members is not complete.",
                "Promote or remove it, and check again.",
                learners.Length == 1 ? learners[0] : null
            );
    }

    private static IEnumerable<EtcdFinding> Compare((ResolvedMember Member, MemberListReply List)[] lists)
    {
        (ResolvedMember Member, string[] Rows)[] read =
        [
            .. lists.Select(l =>
                (l.Member, (string[])[.. l.List.Members.Select(Describe).Order(StringComparer.Ordinal)])
            ),
        ];
        if (read.Length < 2 || Array.TrueForAll(read, r => r.Rows.SequenceEqual(read[0].Rows)))
            yield break;
        string[] shared = [.. read.Select(r => r.Rows).Aggregate((a, b) => [.. a.Intersect(b)])];
        yield return UpgradeFindings.Blocks(
            ErrorIds.MemberListDiffers,
            "The members have different member lists: "
                + string.Join("; ", read.Select(r => $"{r.Member} has {Rest(r.Rows.Except(shared))}"))
                + ".",
            "Wait until a membership change has reached all members. If it remains, correct the members before the "
                + "upgrade."
        );
    }

    private static string Rest(IEnumerable<string> rows) =>
        string.Join(", ", rows) is { Length: > 0 } text ? text : "none of the others' entries";

    private static string Describe(MemberEntry entry) =>
        $"{HexId.Format(entry.Id)}{(entry.IsLearner ? " (learner)" : "")} at "
        + string.Join(" and ", entry.PeerUrls.Order(StringComparer.Ordinal));
}
