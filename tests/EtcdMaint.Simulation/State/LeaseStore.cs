namespace EtcdMaint.Simulation.State;

/// <summary>The leases of a cluster.</summary>
internal sealed class LeaseStore(TimeProvider time)
{
    private readonly Dictionary<long, (TimeSpan TimeToLive, long RenewedAt)> _leases = [];
    private long _last = 1000;

    public long Grant(TimeSpan timeToLive)
    {
        _leases[++_last] = (timeToLive, time.GetTimestamp());
        return _last;
    }

    /// <summary>Returns the time to live, or zero if there is no such lease.</summary>
    public TimeSpan Renew(long lease)
    {
        if (!_leases.TryGetValue(lease, out (TimeSpan TimeToLive, long) known))
            return TimeSpan.Zero;
        _leases[lease] = (known.TimeToLive, time.GetTimestamp());
        return known.TimeToLive;
    }

    public bool Has(long lease) => _leases.ContainsKey(lease);

    public bool Revoke(long lease) => _leases.Remove(lease);

    /// <summary>Removes the leases that have expired, and returns them.</summary>
    public IReadOnlyList<long> TakeExpired()
    {
        if (_leases.Count == 0)
            return [];
        long[] expired =
        [
            .. _leases.Where(l => time.GetElapsedTime(l.Value.RenewedAt) >= l.Value.TimeToLive).Select(l => l.Key),
        ];
        foreach (long lease in expired)
            _leases.Remove(lease);
        return expired;
    }
}
