namespace EtcdMaint.Cmdlets;

/// <summary>Ensures that a cluster with several connections is changed over only one of them.</summary>
internal sealed class SameClusterMerge(EtcdConnection? preferred, SameClusterSearch search, IRunObserver observer)
{
    /// <returns>The connections that are not used, each with the reason.</returns>
    public async Task<IReadOnlyList<(EtcdConnection Connection, string Reason)>> RunAsync(ClusterGrouping clusters)
    {
        var leftOut = new List<(EtcdConnection, string)>();
        foreach (
            IReadOnlyList<EtcdConnection> same in await search.FindAsync(clusters.Works.Select(work => work.Connection))
        )
        {
            EtcdConnection kept = clusters.Merge(same, preferred);
            foreach (EtcdConnection left in same.Where(connection => connection != kept))
            {
                string reason = Describe(kept, left);
                observer.Warn(reason);
                leftOut.Add((left, reason));
            }
        }
        return leftOut;
    }

    private static string Describe(EtcdConnection kept, EtcdConnection left)
    {
        bool haveOneName = kept.ClusterName == left.ClusterName;
        (string keptName, string leftName) = (Name(kept, haveOneName), Name(left, haveOneName));
        return $"{leftName} is the same cluster as {keptName} ({kept.ClusterId}), so only {keptName} is used.";
    }

    private static string Name(EtcdConnection connection, bool withEndpoints) =>
        withEndpoints ? $"'{connection}' over {string.Join(", ", connection.Endpoint)}" : $"'{connection}'";
}
