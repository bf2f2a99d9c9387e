namespace EtcdMaint.Cmdlets;

/// <summary>
/// Finds connections that lead to the same cluster. The raft log proves it. Every call adds an entry, so positions that
/// are read alternately through two connections always increase if there is one log. Two separate logs cannot do that
/// for long, even if the clusters were made from one template and contain the same data. No data is written.
/// </summary>
internal sealed class SameClusterSearch(TimeSpan timeout, IRunObserver observer, CancellationToken cancellationToken)
{
    /// <summary>
    /// The number of reads through each of two connections. Two busy clusters that happen to have similar positions
    /// differ after a few reads.
    /// </summary>
    private const int Turns = 4;

    /// <returns>Groups of at least two connections. Each group is proven to lead to one cluster.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<EtcdConnection>>> FindAsync(IEnumerable<EtcdConnection> connections)
    {
        var found = new List<IReadOnlyList<EtcdConnection>>();
        foreach (
            IGrouping<string, EtcdConnection> alike in connections
                .Where(c => c.ClusterId is not null)
                .GroupBy(c => c.ClusterId!)
        )
        {
            if (alike.Count() > 1)
                found.AddRange(await DivideAsync([.. alike]));
        }
        return found;
    }

    /// <summary>Groups connections that share a cluster ID by cluster.</summary>
    private async Task<IEnumerable<IReadOnlyList<EtcdConnection>>> DivideAsync(IReadOnlyList<EtcdConnection> alike)
    {
        // Two parallel rounds distinguish most clusters, which keeps the search fast for many clusters from one
        // template.
        RaftPosition?[] first = await Task.WhenAll(alike.Select(AdvanceAsync));
        RaftPosition?[] second = await Task.WhenAll(alike.Select(AdvanceAsync));
        var groups = new List<List<int>>();
        for (int i = 0; i < alike.Count; i++)
        {
            List<int>? same = null;
            foreach (List<int> group in groups.Where(group => MayBeSame(i, group[0])))
            {
                if (await IsSameAsync(alike[group[0]], alike[i]))
                    same = group;
            }
            if (same is null)
                groups.Add([i]);
            else
                same.Add(i);
        }
        return groups.Where(group => group.Count > 1).Select(group => group.ConvertAll(i => alike[i]));

        bool MayBeSame(int a, int b) =>
            first[a] is { } a1
            && second[a] is { } a2
            && first[b] is { } b1
            && second[b] is { } b2
            && a2.CanFollow(b1)
            && b2.CanFollow(a1);
    }

    private async Task<bool> IsSameAsync(EtcdConnection one, EtcdConnection other)
    {
        RaftPosition? last = null;
        for (int turn = 0; turn < 2 * Turns; turn++)
        {
            RaftPosition? next = await AdvanceAsync(turn % 2 == 0 ? one : other);
            if (next is null || (last is not null && !next.CanFollow(last)))
                return false;
            last = next;
        }
        return true;
    }

    /// <summary>Returns null if the cluster does not answer. Nothing is proven in this case.</summary>
    private async Task<RaftPosition?> AdvanceAsync(EtcdConnection connection)
    {
        try
        {
            return await connection.Cluster.AdvanceRaftAsync(timeout, cancellationToken);
        }
        catch (EtcdException error)
        {
            observer.LogVerbose(
                $"{connection}: it is unknown whether another connection leads to the same cluster: {error.Message}"
            );
            return null;
        }
    }
}
