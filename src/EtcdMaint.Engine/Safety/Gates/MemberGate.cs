using System.Globalization;
using EtcdMaint.Engine.Connecting.Kubernetes;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>
/// Checks the host of the member where the access can read it: whether the disk has room for the second file, and
/// whether a probe would restart a member that is unavailable for the predicted pause.
/// </summary>
internal sealed class MemberGate(DefragRequest request)
{
    /// <summary>Returns the first gate that is closed and not overridden, or null if all gates are open.</summary>
    /// <param name="reading">The member.</param>
    /// <param name="predicted">The predicted pause.</param>
    /// <param name="isNonBlocking">Whether the member serves its clients while it copies its data. The probes are then
    /// answered too.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    public async Task<GateRefusal?> FindClosedAsync(
        MemberReading reading,
        TimeSpan predicted,
        bool isNonBlocking,
        CancellationToken cancellationToken
    )
    {
        DiskSpace disk = await DiskSpace.ReadAsync(reading, cancellationToken).ConfigureAwait(false);
        GateRefusal?[] closed = [disk.FindClosed(isNonBlocking), isNonBlocking ? null : CheckProbe(reading, predicted)];
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
