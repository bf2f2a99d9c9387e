using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>The errors of a defragmentation, each with the recommended action.</summary>
internal static class DefragErrors
{
    public static DefragOutcome Abandoned(ResolvedMember member) =>
        new(EtcdDefragStatus.TimedOut, "still running when the run was ended")
        {
            EndOfRun = "the run was ended",
            IsAbandoned = true,
            Error = new EtcdException(
                ErrorIds.DefragAbandoned,
                EtcdErrorCategory.OperationStopped,
                $"The run was ended while {member} was still defragmenting. The defragmentation continues.",
                "Change no member until Get-EtcdMemberStatus shows this member again.",
                HexId.Format(member.Id)
            ),
        };

    public static DefragOutcome TimedOut(ResolvedMember member, EtcdException failed, string seen) =>
        new(EtcdDefragStatus.TimedOut, seen)
        {
            EndOfRun = $"it is unknown whether {member} is still defragmenting",
            LeavesLock = true,
            Error = new EtcdException(
                ErrorIds.DefragUnknown,
                EtcdErrorCategory.OperationTimeout,
                $"The result of the defragmentation of {member} is unknown: {seen}.",
                "Change no member until Get-EtcdMemberStatus shows this member again. The module never "
                    + "repeats a defragmentation.",
                HexId.Format(member.Id),
                failed
            ),
        };

    public static DefragOutcome DiskFull(ResolvedMember member, string version, MemberCallException failed)
    {
        string action = VersionHazards.DiesOnFullDisk(version)
            ? $"Delete db.tmp.* in its snap folder, then restart it at once: etcd {version} crashes at its next write."
            : "Delete db.tmp.* in its snap folder before anything is written, because the database "
                + "cannot grow on the full disk.";
        return new DefragOutcome(EtcdDefragStatus.Failed, "its disk is full")
        {
            EndOfRun = $"the disk of {member} is full",
            LeavesLock = VersionHazards.DiesOnFullDisk(version),
            Error = new EtcdException(
                ErrorIds.DefragDiskFull,
                EtcdErrorCategory.LimitsExceeded,
                $"The disk of {member} filled up during its defragmentation, and the unfinished file is still there.",
                action,
                HexId.Format(member.Id),
                failed
            ),
        };
    }

    /// <summary>
    /// The failure is known only from the member's own count, which does not contain the reason. A full disk is the
    /// most frequent one.
    /// </summary>
    public static DefragOutcome GivenUp(ResolvedMember member, string version, EtcdException failed) =>
        DefragOutcome.Failed(failed) with
        {
            EndOfRun = $"the defragmentation of {member} failed, for example because its disk is full",
            LeavesLock = VersionHazards.DiesOnFullDisk(version),
        };

    /// <summary>
    /// Always ends the run, because a liveness probe that restarted this member would also restart the next one.
    /// </summary>
    public static DefragOutcome Restarted(ResolvedMember member, EtcdException failed) =>
        DefragOutcome.Failed(Died(member, "during its defragmentation", failed)) with
        {
            EndOfRun = $"{member} restarted during its defragmentation",
        };

    public static DefragOutcome RestartedAfter(ResolvedMember member) =>
        new(EtcdDefragStatus.Defragmented, "restarted directly after its defragmentation")
        {
            Error = Died(member, "directly after its defragmentation"),
            EndOfRun = $"{member} restarted directly after its defragmentation",
        };

    /// <summary>
    /// Behind a load balancer that chooses a backend for each request, the call may have reached another member.
    /// </summary>
    public static DefragOutcome Elsewhere(ResolvedMember member)
    {
        EtcdException error = new(
            ErrorIds.DefragNotCounted,
            EtcdErrorCategory.InvalidResult,
            $"The defragmentation of {member} was reported as done, but {member} has not counted one, so "
                + "another member may have been defragmented.",
            "Use the member's own endpoint instead of a load balancer's, and check the logs of all members.",
            HexId.Format(member.Id)
        );
        return DefragOutcome.Failed(error) with { EndOfRun = error.Message.TrimEnd('.') };
    }

    private static EtcdException Died(ResolvedMember member, string when, EtcdException? failed = null) =>
        new(
            ErrorIds.MemberRestarted,
            EtcdErrorCategory.InvalidResult,
            $"Member {member} restarted {when}.",
            "Check its log for the cause before you try again, for example a liveness probe or a full disk.",
            HexId.Format(member.Id),
            failed
        );

    public static EtcdException NotStable(ResolvedMember member, string? trouble) =>
        new(
            ErrorIds.ClusterNotCalm,
            EtcdErrorCategory.InvalidResult,
            $"The cluster did not become stable after the defragmentation of {member}: {trouble}.",
            "Check Get-EtcdMemberStatus before you change anything else.",
            HexId.Format(member.Id)
        );

    public static EtcdException Grew(ResolvedMember member, StatusReply before, StatusReply after) =>
        new(
            ErrorIds.MemberGrew,
            EtcdErrorCategory.InvalidResult,
            $"The file of {member} grew from {ByteText.Of(before.DbSize)} to {ByteText.Of(after.DbSize)}.",
            "Check the log of the member, and what else writes to its disk.",
            HexId.Format(member.Id)
        );
}
