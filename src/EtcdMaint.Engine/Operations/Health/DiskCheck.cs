using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Health;

/// <summary>
/// Checks whether the disk of each voter has room for a defragmentation. Insufficient room is a warning, because the
/// member works without a defragmentation. A disk that is nearly full is an error.
/// </summary>
internal static class DiskCheck
{
    public static Task<DiskSpace[]> ReadAsync(ClusterState state, CancellationToken cancellationToken) =>
        Task.WhenAll(
            state.Voters.Where(v => v.Status is not null).Select(v => DiskSpace.ReadAsync(v, cancellationToken))
        );

    public static IEnumerable<EtcdFinding> Find(ClusterState state, IEnumerable<DiskSpace> disks) =>
        disks
            .Select(d => (Disk: d, Closed: d.FindClosed(state.IsNonBlocking(d.Reading.Id))))
            .Where(d => d.Closed is not null)
            .Select(d => Judge(d.Disk, d.Closed!));

    private static EtcdFinding Judge(DiskSpace disk, GateRefusal closed) =>
        Findings.Of(
            closed,
            disk.Reading.Member,
            disk.FreeBytes < Limits.Gates.DiskReserve ? Error : Warning,
            closed.Action
        );
}
