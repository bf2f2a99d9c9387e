using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Leases;

/// <summary>Compares two readings of the leases.</summary>
internal static class LeaseComparison
{
    /// <summary>
    /// Returns the leases that their holders lost between two readings. A lease whose key was deleted is not one of
    /// them, because that is an action of an operator or of an uninstaller.
    /// </summary>
    /// <param name="before">The earlier reading.</param>
    /// <param name="after">The later reading.</param>
    /// <param name="member">The member that was defragmented between them.</param>
    public static EtcdLostLease[] FindLost(LeaseReading before, LeaseReading after, ResolvedMember member)
    {
        TimeSpan elapsed = before.At.Age - after.At.Age;
        return
        [
            .. before
                .Leases.Select(lease => (lease, now: after.Find(lease)))
                .Where(l => l.now is not null && IsLost(l.lease, l.now) && !WasAbandoned(l.lease, l.now, elapsed))
                .Select(l => ToRecord(l.lease, l.now!, member)),
        ];
    }

    /// <summary>
    /// Whether the holder lost the lease: another process holds it, it was released, or its holder acquired it again
    /// after another one. client-go increases the number of transitions with each acquisition, and not with a renewal.
    /// A smaller number belongs to a key that was deleted and created again.
    /// </summary>
    public static bool IsLost(EtcdLease before, EtcdLease now) =>
        before.Holder is not null && (now.Holder != before.Holder || now.Transitions > before.Transitions);

    /// <summary>
    /// Whether the holder had already stopped renewing the lease long before the first reading. Only the two renewals
    /// of this lease and the time between the readings are compared, so a wrong clock elsewhere does not matter.
    /// </summary>
    private static bool WasAbandoned(EtcdLease before, EtcdLease now, TimeSpan elapsed) =>
        now.RenewedAt - before.RenewedAt > elapsed + Limits.Leases.AbandonedAfter;

    private static EtcdLostLease ToRecord(EtcdLease before, EtcdLease now, ResolvedMember member) =>
        new()
        {
            ClusterName = before.ClusterName,
            ClusterId = before.ClusterId,
            MemberId = HexId.Format(member.Id),
            MemberName = member.ToString(),
            Namespace = before.Namespace,
            Name = before.Name,
            Holder = before.Holder!,
            NewHolder = now.Holder,
            Transitions = now.Transitions,
        };
}
