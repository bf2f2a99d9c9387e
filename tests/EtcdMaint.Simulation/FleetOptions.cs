namespace EtcdMaint.Simulation;

/// <summary>What a simulated fleet consists of.</summary>
/// <param name="Clusters">The number of clusters.</param>
/// <param name="MembersPerCluster">The number of members of each cluster.</param>
public sealed record FleetOptions(int Clusters, int MembersPerCluster)
{
    /// <summary>The time that each call takes.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The time for which a defragmentation blocks its member.</summary>
    public TimeSpan DefragTime { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The state in which the cluster with a number starts.</summary>
    public Func<int, ClusterCondition> ConditionOf { get; init; } = static _ => ClusterCondition.Tidy;

    /// <summary>
    /// Returns a function that gives some of the clusters a condition, distributed evenly, and leaves the others tidy.
    /// </summary>
    public static Func<int, ClusterCondition> Some(int count, int clusters, ClusterCondition condition)
    {
        HashSet<int> chosen = [.. Enumerable.Range(0, count).Select(n => (int)((n + 0.5) * clusters / count))];
        return cluster => chosen.Contains(cluster) ? condition : ClusterCondition.Tidy;
    }
}
