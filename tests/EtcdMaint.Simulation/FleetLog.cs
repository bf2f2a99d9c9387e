using System.Collections.Concurrent;

namespace EtcdMaint.Simulation;

/// <summary>What the clients did to the clusters, as the members saw it.</summary>
public sealed class FleetLog
{
    private readonly ConcurrentQueue<FleetChange> _changes = new();
    private readonly int[] _calls;
    private readonly long _started = TimeProvider.System.GetTimestamp();

    internal FleetLog(int clusters) => _calls = new int[clusters];

    /// <summary>The changes that have ended, in this order.</summary>
    public IReadOnlyList<FleetChange> Changes => [.. _changes];

    /// <summary>The time since the start of the fleet.</summary>
    internal TimeSpan Now => TimeProvider.System.GetElapsedTime(_started);

    /// <summary>Returns the number of calls that the members of a cluster have received.</summary>
    public int CallsTo(int cluster) => Volatile.Read(ref _calls[cluster]);

    internal void AddCall(int cluster) => Interlocked.Increment(ref _calls[cluster]);

    internal void Add(FleetChange change) => _changes.Enqueue(change);
}
