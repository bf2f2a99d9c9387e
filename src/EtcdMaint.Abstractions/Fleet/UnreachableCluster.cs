namespace EtcdMaint.Fleet;

/// <summary>A cluster of a fleet to which no connection could be made.</summary>
/// <param name="ClusterName">The name of the cluster, or its endpoints, hosts or context if it has no name.</param>
/// <param name="Error">The reason.</param>
/// <param name="StartedAt">When the attempt started.</param>
/// <param name="Duration">How long the attempt took.</param>
internal sealed record UnreachableCluster(
    string ClusterName,
    EtcdException Error,
    DateTimeOffset StartedAt,
    TimeSpan Duration
)
{
    /// <summary>The ring of the cluster; null for none.</summary>
    public int? Ring { get; init; }
}
