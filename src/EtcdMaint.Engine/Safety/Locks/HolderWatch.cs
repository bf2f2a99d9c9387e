namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// Determines from role names that are read repeatedly whether their runs are active. Only its own clock is used: a run
/// has ended if none of its names has changed for the whole time to live.
/// </summary>
internal sealed class HolderWatch(TimeProvider time)
{
    private readonly HashSet<RoleName> _known = [];
    private readonly Dictionary<RoleName, long> _since = [];
    private long? _lastRead;
    private long _began;

    /// <summary>The newest name that has appeared since the first read, or null.</summary>
    public RoleName? NewName { get; private set; }

    /// <summary>The newest name of a run that had an earlier name before, or null.</summary>
    public RoleName? RenewedName { get; private set; }

    /// <summary>Records the names that were just read.</summary>
    /// <param name="names">All names of other runs.</param>
    /// <param name="began">When the read started.</param>
    public void See(IReadOnlyCollection<RoleName> names, long began)
    {
        long now = time.GetTimestamp();
        foreach (RoleName name in names.Where(n => !_known.Contains(n)))
        {
            if (_lastRead is not null)
                NewName = name;
            if (_known.Any(k => k.Holder is not null && k.Holder.Run == name.Holder?.Run))
                RenewedName = name;
        }
        _known.UnionWith(names);

        // While a cluster does not answer reads, an active run may be unable to renew its name.
        if (
            _lastRead is { } last
            && names.Any(n => time.GetElapsedTime(last, now) > LockRenewal.Interval(n.TimeToLive))
        )
            _since.Clear();
        foreach (RoleName gone in _since.Keys.Except(names).ToArray())
            _since.Remove(gone);
        foreach (RoleName name in names)
            _since.TryAdd(name, now);
        (_lastRead, _began) = (now, began);
    }

    /// <summary>Returns the names of the generations in which no name has changed for the time to live.</summary>
    public IEnumerable<RoleName> FindDead() =>
        _since
            .GroupBy(name => name.Key.Generation)
            .Where(generation =>
                time.GetElapsedTime(generation.Max(n => n.Value), _began)
                >= TimeToLive([.. generation.Select(n => n.Key)])
            )
            .SelectMany(generation => generation.Select(n => n.Key));

    /// <summary>Returns the time to live of the holder, or that of the gate if there is no holder.</summary>
    private static TimeSpan TimeToLive(RoleName[] generation)
    {
        RoleName[] holders = Array.FindAll(generation, n => n.Holder is not null);
        return (holders.Length > 0 ? holders : generation).Max(n => n.TimeToLive);
    }
}
