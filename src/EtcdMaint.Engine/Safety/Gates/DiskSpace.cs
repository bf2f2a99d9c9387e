using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>
/// How much room a member has on its disk for the second file that a defragmentation writes. Unknown is a state of its
/// own: a release that crashes when its disk fills up is then not defragmented.
/// </summary>
internal sealed record DiskSpace(MemberReading Reading, long? FreeBytes)
{
    public static async Task<DiskSpace> ReadAsync(MemberReading reading, CancellationToken cancellationToken) =>
        new(
            reading,
            reading.Member.Client is { } client
                ? await client
                    .ReadFreeDiskAsync(new CallBudget(Limits.Gates.DiskTime, cancellationToken))
                    .ConfigureAwait(false)
                : null
        );

    /// <summary>Null when there is room, or it is unknown on a release that survives a full disk.</summary>
    public GateRefusal? FindClosed()
    {
        if (FreeBytes is not { } free)
            return VersionHazards.DiesOnFullDisk(Reading.Status!.Version) ? Unknown() : null;
        long needed = (long)(Reading.Status!.DbSizeInUse * Limits.Gates.CopyFactor) + Limits.Gates.DiskReserve;
        return free >= needed
            ? null
            : new GateRefusal(
                GateId.DiskTooFull,
                $"The disk of {Reading.Member} has {ByteText.Of(free)} free, and its defragmentation needs "
                    + $"{ByteText.Of(needed)}.",
                "Make room on its data disk first; a file db.tmp.* in its snap folder is left of a failed "
                    + "try and may be deleted.",
                HexId.Format(Reading.Id)
            );
    }

    private GateRefusal Unknown() =>
        new(
            GateId.DiskSpaceUnknown,
            $"The free disk space of {Reading.Member} is unknown, and etcd {Reading.Status!.Version} "
                + "crashes when its disk fills up during a defragmentation.",
            "Upgrade etcd, or connect in a way that can read the disk (-SshHost, -EtcdctlPath on the "
                + "member's own machine, or Kubernetes), or check the disk yourself.",
            HexId.Format(Reading.Id)
        );
}
