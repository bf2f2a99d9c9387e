using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Leases;

/// <summary>The leases as they were read at one time.</summary>
/// <param name="Leases">The leases.</param>
/// <param name="At">The start of the read.</param>
internal sealed record LeaseReading(EtcdLease[] Leases, Moment At)
{
    private readonly Dictionary<(string, string), EtcdLease> _byName = Leases.DistinctBy(KeyOf).ToDictionary(KeyOf);

    /// <summary>
    /// The leases whose holders renewed them shortly before. Their own times are compared with each other, because the
    /// clock of this machine may be wrong.
    /// </summary>
    public IEnumerable<EtcdLease> Live
    {
        get
        {
            EtcdLease[] held = [.. Leases.Where(lease => lease.Holder is not null)];
            DateTimeOffset? newest = held.Max(lease => lease.RenewedAt);
            return held.Where(lease => newest - lease.RenewedAt <= Limits.Leases.LiveAge);
        }
    }

    /// <summary>Returns the same lease in this reading, or null if its key no longer exists.</summary>
    public EtcdLease? Find(EtcdLease lease) => _byName.GetValueOrDefault(KeyOf(lease));

    private static (string, string) KeyOf(EtcdLease lease) => (lease.Namespace, lease.Name);
}
