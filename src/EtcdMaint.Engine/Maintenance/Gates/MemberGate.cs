using System.Globalization;
using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;

namespace EtcdMaint.Engine.Maintenance.Gates;

/// <summary>
/// What only the member's own surroundings can tell, where the way in can see them: whether the disk has room for the
/// second file, and whether something would kill a member that stands still for so long.
/// </summary>
internal sealed class MemberGate(DefragRequest request, IRunObserver observer)
{
    /// <summary>The new file is about as large as what is in use; while both exist the old one needs its room too.</summary>
    private const double RoomForCopy = 1.1;

    private const long Reserve = 100L * 1000 * 1000;

    /// <summary>A pause may turn out twice as long as predicted before the kubelet loses its patience.</summary>
    private const double ShareOfBudget = 0.5;

    private static readonly TimeSpan DiskLimit = TimeSpan.FromSeconds(10);

    /// <summary>The first gate that is closed and not overridden; null when all are open.</summary>
    public async Task<GateRefusal?> FindClosedAsync(MemberReading reading, TimeSpan predicted, CancellationToken stop)
    {
        GateRefusal?[] closed = [await CheckDiskAsync(reading, stop).ConfigureAwait(false), CheckProbe(reading, predicted)];
        return Array.Find(closed, c => c is not null && !(c.OverriddenBy is { } name && request.Override.Contains(name)));
    }

    private async Task<GateRefusal?> CheckDiskAsync(MemberReading reading, CancellationToken stop)
    {
        long? free = await reading.Member.Client!.ReadFreeDiskAsync(new CallLimit(DiskLimit, stop)).ConfigureAwait(false);
        if (free is null)
        {
            observer.Tell($"{reading.Member}: how much room its disk has is not known.");
            return null;
        }
        long needed = (long)(reading.Status!.DbSizeInUse * RoomForCopy) + Reserve;
        return free >= needed
            ? null
            : new GateRefusal(
                "DiskTooFull",
                $"The disk of {reading.Member} has {ByteText.Of(free.Value)} free, and its defragmentation needs {ByteText.Of(needed)}.",
                "Make room on its data disk first; a file db.tmp.* in its snap folder is left of a failed try and may be deleted.",
                HexId.Format(reading.Id),
                EtcdGate.DiskTooFull);
    }

    private static GateRefusal? CheckProbe(MemberReading reading, TimeSpan predicted)
    {
        if (reading.Member.Client!.Place.ProbeBudget is not { } budget || predicted <= budget * ShareOfBudget)
            return null;
        return new GateRefusal(
            "ProbeBudget",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{reading.Member} would stand still for about {predicted.TotalSeconds:0} s, and the kubelet kills it after {budget.TotalSeconds:0} s without an answer to its probes."),
            "Raise failureThreshold or timeoutSeconds of its liveness probe first.",
            HexId.Format(reading.Id),
            EtcdGate.ProbeBudget);
    }
}
