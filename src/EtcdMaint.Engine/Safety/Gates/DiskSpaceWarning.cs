using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>
/// Warns once per run about members whose free disk space is unknown. It concerns releases that survive a full disk;
/// the others are refused (<see cref="DiskSpace"/>).
/// </summary>
internal sealed class DiskSpaceWarning(DefragRequest request, IRunObserver observer)
{
    public async Task WarnAsync(IEnumerable<MemberReading> members, CancellationToken cancellationToken)
    {
        if (request.Override.Contains(EtcdGate.DiskSpaceUnknown))
            return;
        DiskSpace[] read = await Task.WhenAll(
                members
                    .Where(m => m.Status is { } s && !VersionHazards.DiesOnFullDisk(s.Version))
                    .Select(m => DiskSpace.ReadAsync(m, cancellationToken))
            )
            .ConfigureAwait(false);
        ResolvedMember[] unknown = [.. read.Where(d => d.FreeBytes is null).Select(d => d.Reading.Member)];
        if (unknown.Length > 0)
            observer.Warn(
                $"DiskSpaceUnknown: The free disk space of {string.Join(", ", unknown.AsEnumerable())} is "
                    + "unknown. A defragmentation writes a second copy of the live data and fails when "
                    + "the disk is full."
            );
    }
}
