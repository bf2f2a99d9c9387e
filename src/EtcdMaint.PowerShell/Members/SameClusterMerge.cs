namespace EtcdMaint.Cmdlets;

/// <summary>Makes sure that a cluster which several connections lead to is changed over one of them only.</summary>
internal sealed class SameClusterMerge(EtcdConnection? preferred, SameClusterSearch search, IRunObserver observer)
{
    /// <returns>The connections that were left out, each with the reason.</returns>
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
        return $"{leftName} is the same cluster as {keptName} ({kept.ClusterId}), so only {keptName} is worked on.";
    }

    private static string Name(EtcdConnection connection, bool withEndpoints) =>
        withEndpoints ? $"'{connection}' over {string.Join(", ", connection.Endpoint)}" : $"'{connection}'";
}
