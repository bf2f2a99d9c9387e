using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>The keys and leases of the cluster, as one store that all members share.</summary>
internal sealed class KeyStore(SimulatedTime time)
{
    private readonly Dictionary<string, (byte[] Value, long Lease)> _keys = [];
    private readonly Dictionary<long, (TimeSpan TimeToLive, TimeSpan Ends)> _leases = [];
    private long _next = 0x694d;

    public IReadOnlyCollection<string> Keys => _keys.Keys;

    public IReadOnlyCollection<long> Leases => _leases.Keys;

    public long Grant(TimeSpan timeToLive)
    {
        long lease = _next++;
        Extend(lease, timeToLive);
        return lease;
    }

    /// <summary>Zero for a lease that does not exist.</summary>
    public TimeSpan KeepAlive(long lease)
    {
        if (!_leases.TryGetValue(lease, out (TimeSpan TimeToLive, TimeSpan Ends) known))
            return TimeSpan.Zero;
        Extend(lease, known.TimeToLive);
        return known.TimeToLive;
    }

    /// <summary>False for a lease that does not exist.</summary>
    public bool Revoke(long lease)
    {
        foreach (string key in _keys.Where(k => k.Value.Lease == lease).Select(k => k.Key).ToArray())
            _keys.Remove(key);
        return _leases.Remove(lease);
    }

    /// <summary>The existing value; null if there was none and the key has been created.</summary>
    public (byte[] Value, long Lease)? Create(string key, byte[] value, long lease)
    {
        if (_keys.TryGetValue(key, out (byte[] Value, long Lease) existing))
            return existing;
        _keys[key] = (value, lease);
        return null;
    }

    public (byte[] Value, long Lease)? Get(string key) =>
        _keys.TryGetValue(key, out (byte[] Value, long Lease) found) ? found : null;

    public IReadOnlyList<StoredKey> List(KeyRange range) =>
        [
            .. _keys
                .Where(k => string.CompareOrdinal(k.Key, range.From) >= 0 && string.CompareOrdinal(k.Key, range.To) < 0)
                .OrderBy(k => k.Key, StringComparer.Ordinal)
                .Take(range.Limit)
                .Select(k => new StoredKey(k.Key, k.Value.Value)),
        ];

    /// <summary>Counts the keys of a span, and measures the first ones. The keys are ASCII.</summary>
    public KeySpanReply Measure(KeySpan span)
    {
        string[] keys = [.. _keys.Keys.Where(span.Contains).Order(StringComparer.Ordinal)];
        return new KeySpanReply(
            keys.Length,
            [
                .. keys.Take(span.Limit)
                    .Select(key => new KeySize(key, span.WithValues ? key.Length + _keys[key].Value.Length : 0)),
            ]
        );
    }

    public void Put(string key, byte[] value) => _keys[key] = (value, 0);

    public bool Has(long lease) => _leases.ContainsKey(lease);

    private void Extend(long lease, TimeSpan timeToLive)
    {
        _leases[lease] = (timeToLive, time.Now + timeToLive);
        time.After(
            timeToLive,
            () =>
            {
                if (
                    _leases.TryGetValue(lease, out (TimeSpan TimeToLive, TimeSpan Ends) known)
                    && known.Ends <= time.Now
                )
                    Revoke(lease);
            }
        );
    }
}
