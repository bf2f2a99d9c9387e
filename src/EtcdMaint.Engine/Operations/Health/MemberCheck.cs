using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Health;

/// <summary>Checks the versions, kinds and activities of the members.</summary>
internal static class MemberCheck
{
    public static IEnumerable<EtcdFinding> Find(ClusterState state)
    {
        string[] versions =
        [
            .. state.Readings.Select(r => r.Status?.Version).OfType<string>().Distinct().Order(StringComparer.Ordinal),
        ];
        if (versions.Length > 1)
            yield return Findings.About(
                null,
                ErrorIds.MixedVersions,
                Warning,
                $"The members run different versions: {string.Join(", ", versions)}.",
                "Finish the upgrade."
            );

        foreach (MemberReading reading in state.Readings)
        {
            if (reading.Status is not null && VersionHazards.FindDiskFull(reading.Status.Version) is { } hazard)
                yield return Findings.About(
                    reading.Member,
                    ErrorIds.DiskFullHazard,
                    Information,
                    $"{hazard}.",
                    "Keep enough free disk space for the live data while it is being defragmented."
                );
            if (reading.Member.Entry.IsLearner)
                yield return Findings.About(
                    reading.Member,
                    ErrorIds.Learner,
                    Information,
                    $"{reading.Member} is a learner: it has no vote and cannot be defragmented while it runs."
                );
        }
        foreach (ResolvedMember member in state.ClusterMembership.Voters)
            if (SnapshotGate.Find(member, state.Metrics.GetValueOrDefault(member.Id)) is { } snapshot)
                yield return Findings.Of(
                    snapshot,
                    member,
                    Information,
                    "No action is needed. Invoke-EtcdDefrag waits for its end."
                );
        foreach (
            FailedDefrag failed in state.FailedBefore.Where(f =>
                f.HasWorkedSince || !VersionHazards.DiesOnFullDisk(f.Member.Status!.Version)
            )
        )
            yield return Findings.About(
                failed.Member.Member,
                ErrorIds.DefragFailedBefore,
                Warning,
                $"A defragmentation of {failed.Member.Member} has failed since its process started, for "
                    + "example because the disk was full.",
                "Delete db.tmp.* in its snap folder if it exists, and free space on its disk."
            );
        int voters = state.Voters.Count();
        if (voters is 1 or 2 || (voters > 0 && voters % 2 == 0))
            yield return Findings.About(
                null,
                ErrorIds.NoSpareVoter,
                voters <= 2 ? Warning : Information,
                $"{voters} voting {(voters == 1 ? "member" : "members")}: "
                    + $"{(voters <= 2 ? "none" : $"{(voters - 1) / 2}")} can be unavailable without the loss of "
                    + "the quorum.",
                "Three or five voters are usual."
            );
    }
}
