namespace EtcdMaint.Simulation;

/// <summary>The kinds of changes that a fleet records.</summary>
public enum FleetChangeKind
{
    /// <summary>A member was defragmented.</summary>
    Defragmentation,

    /// <summary>The history of a cluster was compacted.</summary>
    Compaction,
}

/// <summary>A change, as the members saw it.</summary>
/// <param name="Cluster">The number of the cluster.</param>
/// <param name="Member">The number of the member in its cluster.</param>
/// <param name="Kind">What was changed.</param>
/// <param name="Started">When it started, since the start of the fleet.</param>
/// <param name="Ended">When it ended, since the start of the fleet.</param>
public sealed record FleetChange(int Cluster, int Member, FleetChangeKind Kind, TimeSpan Started, TimeSpan Ended)
{
    /// <summary>Whether both happened at the same time.</summary>
    public bool Overlaps(FleetChange other) => Started < other.Ended && other.Started < Ended;
}
