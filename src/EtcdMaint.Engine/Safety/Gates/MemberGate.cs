using System.Globalization;
using EtcdMaint.Engine.Connecting.Kubernetes;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>
/// What only the member's own surroundings can tell, where the way in can see them: whether the disk has room for the
/// second file, and whether something would kill a member that stands still for so long.
/// </summary>
internal sealed class MemberGate(DefragRequest request)
{
    /// <summary>The first gate that is closed and not overridden; null when all are open.</summary>
    public async Task<GateRefusal?> FindClosedAsync(
        MemberReading reading,
        TimeSpan predicted,
        CancellationToken cancellationToken
    )
    {
        DiskSpace disk = await DiskSpace.ReadAsync(reading, cancellationToken).ConfigureAwait(false);
        GateRefusal?[] closed = [disk.FindClosed(), CheckProbe(reading, predicted)];
        return Array.Find(closed, c => c is not null && !GateOverride.IsIn(request.Override, c.Gate));
    }

    private static GateRefusal? CheckProbe(MemberReading reading, TimeSpan predicted)
    {
        if (
            reading.Member.Client!.Place.ProbeBudget is not { } budget
            || predicted <= budget * Limits.Gates.ProbeBudgetShare
        )
            return null;
        return new GateRefusal(
            GateId.ProbeBudget,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{reading.Member} would be unavailable for about {predicted.TotalSeconds:0} s, and the "
                    + $"kubelet restarts it after {budget.TotalSeconds:0} s without an answer to its probes."
            ),
            "Raise failureThreshold or timeoutSeconds of its liveness probe.",
            HexId.Format(reading.Id)
        );
    }
}
