using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.KnownBugs;
using EtcdMaint.Snapshot;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// Compares the two stores of the members up to 3.5: the v3 store, of which the snapshot file is a copy, and the v2
/// store, from which the members answer. The file is a copy of the store of one member, and does not tell which one.
/// etcd 3.6 uses only the v3 store. Inside the file, the members are also compared with those that raft counts.
/// </summary>
internal static class MemberStoreCheck
{
    private static readonly Version FirstOnV3Store = new(3, 6);

    public static IEnumerable<EtcdFinding> Find(UpgradeContext context)
    {
        if (context.StoredContent is not { } content || context.IsDone)
            yield break;
        var listed = context.State.ClusterMembership.Members.ToDictionary(m => HexId.Format(m.Id));
        string[] differences =
        [
            .. Compare(content.Members, listed),
            .. content.ConfState is { } counted ? Compare(content.Members, counted, listed) : [],
        ];
        if (differences.Length == 0)
            yield break;
        KnownBug zombies = KnownBugCatalog.Get("ZombieMembers");
        bool isSource = context.To.Minor >= FirstOnV3Store;
        yield return UpgradeFindings.Blocks(
            ErrorIds.UpgradeStoreDiffers,
            "The v3 store in the snapshot, which is that of one member, has other members than the cluster: "
                + $"{string.Join(", ", differences.Distinct())}."
                + (isSource ? $" etcd {context.To.Minor} uses this store." : ""),
            "If the members have changed since, save another snapshot. Otherwise update all members to "
                + $"{zombies.FixedIn} or later, restart the named members once more, one after the other, and save "
                + "another snapshot: a member corrects its own entry on all others at its start."
        ) with
        {
            Severity = isSource ? Error : Warning,
            Source = zombies.Source,
        };
    }

    private static IEnumerable<string> Compare(
        IReadOnlyList<SnapshotMember> stored,
        Dictionary<string, ResolvedMember> listed
    )
    {
        foreach (SnapshotMember member in stored)
            if (!listed.TryGetValue(member.Id, out ResolvedMember? live))
                yield return Zombie(member);
            else if (live.Entry.IsLearner != member.IsLearner)
                yield return Mismatch(member, listed);
        foreach ((string id, ResolvedMember member) in listed.Where(l => stored.All(s => s.Id != l.Key)))
            yield return $"{member} ({id}) is missing";
    }

    private static IEnumerable<string> Compare(
        IReadOnlyList<SnapshotMember> stored,
        SnapshotConfState counted,
        Dictionary<string, ResolvedMember> listed
    )
    {
        string[] learners = [.. counted.Learners, .. counted.LearnersNext];
        string[] all = [.. counted.Voters, .. counted.VotersOutgoing, .. learners];
        foreach (SnapshotMember member in stored)
            if (!all.Contains(member.Id))
                yield return Zombie(member);
            else if (learners.Contains(member.Id) != member.IsLearner)
                yield return Mismatch(member, listed);
    }

    private static string Zombie(SnapshotMember member) =>
        $"{(member.Name.Length > 0 ? $"{member.Name} ({member.Id})" : member.Id)} is not a member";

    private static string Mismatch(SnapshotMember member, Dictionary<string, ResolvedMember> listed) =>
        $"{(listed.TryGetValue(member.Id, out ResolvedMember? live) ? $"{live} ({member.Id})" : member.Id)} is "
        + (member.IsLearner ? "a learner there and a voter in fact" : "a voter there and a learner in fact");
}
