namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// Tells from role names, read again and again, whether their runs are alive. Only this watch's own clock counts: a run
/// is dead when none of its names has changed for its whole time to live.
/// </summary>
internal sealed class HolderWatch(TimeProvider time)
{
    private readonly HashSet<RoleName> _known = [];
    private readonly Dictionary<RoleName, long> _since = [];
    private long? _lastRead;
    private long _began;

    /// <summary>The newest name that has come up since the first read; null for none.</summary>
    public RoleName? NewName { get; private set; }

    /// <summary>The newest name of a run that was seen under an earlier name before; null for none.</summary>
    public RoleName? RenewedName { get; private set; }

    /// <summary>Takes in the names that were just read.</summary>
    /// <param name="names">All names of other runs.</param>
    /// <param name="began">When the read began.</param>
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

        // While a cluster does not answer its readers, a run that is alive may be unable to renew its name.
        if (_lastRead is { } last && names.Any(n => time.GetElapsedTime(last, now) > LockRenewal.Pause(n.TimeToLive)))
            _since.Clear();
        foreach (RoleName gone in _since.Keys.Except(names).ToArray())
            _since.Remove(gone);
        foreach (RoleName name in names)
            _since.TryAdd(name, now);
        (_lastRead, _began) = (now, began);
    }

    /// <summary>The names of those generations of which no name has changed for the time to live.</summary>
    public IEnumerable<RoleName> FindDead() =>
        _since
            .GroupBy(name => name.Key.Generation)
            .Where(generation =>
                time.GetElapsedTime(generation.Max(n => n.Value), _began)
                >= TimeToLive([.. generation.Select(n => n.Key)])
            )
            .SelectMany(generation => generation.Select(n => n.Key));

    /// <summary>The holder's own, and that of the gate only where no holder came.</summary>
    private static TimeSpan TimeToLive(RoleName[] generation)
    {
        RoleName[] holders = Array.FindAll(generation, n => n.Holder is not null);
        return (holders.Length > 0 ? holders : generation).Max(n => n.TimeToLive);
    }
}
