using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <summary>Finds the selected members of clusters that were specified by a connection.</summary>
internal sealed class MemberSurvey(TimeSpan timeout, IRunObserver observer)
{
    /// <summary>Selects whole clusters without listing their members.</summary>
    public void TakeWhole(IReadOnlyList<EtcdConnection> connections, ClusterGrouping clusters)
    {
        foreach (EtcdConnection connection in connections)
        {
            if (connection.IsOpen)
                clusters.For(connection).IsWhole = true;
            else
                observer.ReportError(ConnectionErrors.Closed(connection));
        }
    }

    /// <summary>Lists the members of all clusters in parallel and adds the selected ones.</summary>
    public async Task ListAsync(
        IReadOnlyList<EtcdConnection> connections,
        MemberChoice choice,
        ClusterGrouping clusters,
        CancellationToken cancellationToken
    )
    {
        var lists = new IReadOnlyList<EtcdMember>?[connections.Count];
        await new ClusterThrottle(int.MaxValue).RunAsync(
            Enumerable.Range(0, connections.Count),
            i => ProcessCost.Of(connections[i]),
            async i => lists[i] = await ListAsync(connections[i], cancellationToken),
            cancellationToken
        );

        for (int i = 0; i < lists.Length; i++)
        {
            foreach (EtcdMember member in (lists[i] ?? []).Where(choice.Matches))
                Take(connections[i], member, choice, clusters);
        }

        // If one list is missing, a member in that list may exist, so no error is reported.
        if (lists.Contains(null))
            return;
        foreach (EtcdException error in choice.NotFoundAmong([.. lists.SelectMany(list => list!)]))
            observer.ReportError(error);
    }

    private static void Take(
        EtcdConnection connection,
        EtcdMember member,
        MemberChoice choice,
        ClusterGrouping clusters
    )
    {
        ClusterWork work = clusters.For(connection);
        work.IsWhole |= choice.TakesAll;
        work.IsFresh = true;
        work.Add(new MemberTarget(member));
    }

    private async Task<IReadOnlyList<EtcdMember>?> ListAsync(
        EtcdConnection connection,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (!connection.IsOpen)
                throw ConnectionErrors.Closed(connection);
            return await connection.Cluster.GetMembersAsync(timeout, observer, cancellationToken);
        }
        catch (EtcdException error)
        {
            observer.ReportError(error);
            return null;
        }
    }
}
