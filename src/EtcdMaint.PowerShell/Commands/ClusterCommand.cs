using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// A cmdlet that works on whole clusters: those of the connections that it was given, else the one that is meant when
/// none is named. Connections that were asked for and are not there mean no cluster, never the default one.
/// </summary>
public abstract class ClusterCommand : TargetCommand
{
    /// <summary>The connections to the clusters to work on.</summary>
    [Parameter(ValueFromPipeline = true)]
    public EtcdConnection[]? Connection { get; set; }

    private protected override EtcdConnection[]? CurrentConnection => Connection;

    /// <summary>Whether two connections that lead to one cluster mean it only once.</summary>
    private protected virtual bool TakesEachClusterOnce => Changes;

    /// <summary>The full path of a snapshot's file or folder, from where the user stands.</summary>
    private protected string SnapshotFile(string path)
    {
        string full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return provider.Name == "FileSystem" ? full : throw InputErrors.SnapshotPathNotFile(path);
    }

    /// <summary>
    /// Called for a connection that is left out because another one leads to the same cluster; the user is told
    /// already.
    /// </summary>
    private protected virtual void LeaveOut(EtcdConnection connection, string reason, IRunObserver observer) { }

    /// <summary>Works on all clusters.</summary>
    private protected abstract Task RunAsync(
        IReadOnlyList<EtcdConnection> connections,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    private protected override async Task WorkAsync(
        ConnectionChoice? fallback,
        EtcdConnection? preferred,
        PipelinePump pump,
        CancellationToken cancellationToken
    )
    {
        var clusters = new ClusterGrouping();
        foreach (EtcdConnection connection in Connections)
        {
            if (connection.IsOpen)
                clusters.For(connection);
            else
                pump.ReportError(ConnectionErrors.Closed(connection));
        }
        if (fallback is not null && await fallback.OpenAsync(CallTimeout, pump, cancellationToken) is { } found)
            clusters.For(found);
        if (TakesEachClusterOnce)
            foreach (
                (EtcdConnection connection, string reason) in await MergeAsync(
                    clusters,
                    preferred,
                    pump,
                    cancellationToken
                )
            )
                LeaveOut(connection, reason, pump);
        await RunAsync([.. clusters.Works.Select(work => work.Connection)], pump, cancellationToken);
    }
}
