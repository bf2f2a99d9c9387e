using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>
/// The free disk space of a member, for the second file that a defragmentation writes. Unknown is a separate state: a
/// release that crashes when its disk fills up is then not defragmented.
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

    /// <summary>
    /// Returns null if the space is sufficient, or if it is unknown on a release that survives a full disk.
    /// </summary>
    /// <param name="isNonBlocking">Whether the member accepts writes while it copies its data, so that both files grow
    /// meanwhile.</param>
    public GateRefusal? FindClosed(bool isNonBlocking)
    {
        if (FreeBytes is not { } free)
            return VersionHazards.DiesOnFullDisk(Reading.Status!.Version) ? Unknown() : null;
        double factor = isNonBlocking ? Limits.Gates.NonBlockingCopyFactor : Limits.Gates.CopyFactor;
        long needed = (long)(Reading.Status!.DbSizeInUse * factor) + Limits.Gates.DiskReserve;
        return free >= needed
            ? null
            : new GateRefusal(
                GateId.DiskTooFull,
                $"The disk of {Reading.Member} has {ByteText.Of(free)} free, and its defragmentation needs "
                    + $"{ByteText.Of(needed)}.",
                "Free space on its data disk first. A file db.tmp.* in its snap folder is left from a "
                    + "failed defragmentation and can be deleted.",
                HexId.Format(Reading.Id)
            );
    }

    private GateRefusal Unknown() =>
        new(
            GateId.DiskSpaceUnknown,
            $"The free disk space of {Reading.Member} is unknown, and etcd {Reading.Status!.Version} "
                + "crashes when its disk fills up during a defragmentation.",
            "Upgrade etcd, or use an access that can read the disk (-SshHost, -EtcdctlPath on the "
                + "member's own machine, or -Access Exec with an image that contains df), or check the disk yourself.",
            HexId.Format(Reading.Id)
        );
}
