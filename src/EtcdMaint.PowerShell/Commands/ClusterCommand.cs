using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// A cmdlet that works on whole clusters: the clusters of the specified connections, or the default cluster if none was
/// specified. An empty list of connections means no cluster, never the default one.
/// </summary>
public abstract class ClusterCommand : TargetCommand
{
    /// <summary>The connections to the clusters.</summary>
    [Parameter(ValueFromPipeline = true)]
    public virtual EtcdConnection[]? Connection { get; set; }

    private protected override EtcdConnection[]? CurrentConnection => Connection;

    /// <summary>Whether a cluster is processed only once if two connections lead to it.</summary>
    private protected virtual bool TakesEachClusterOnce => Changes;

    /// <summary>
    /// Returns the full path of the file or folder of a snapshot, resolved from the current location.
    /// </summary>
    private protected string SnapshotFile(string path)
    {
        string full = FullPath(path);
        return IsMissingFolder(full) ? throw InputErrors.SnapshotFolderNotFound(full) : full;
    }

    /// <summary>Returns the full path of the file of a snapshot, whether it exists or not.</summary>
    private protected string FullPath(string path) => FilePath(path) ?? throw InputErrors.SnapshotPathNotFile(path);

    /// <summary>Returns the full path of a file, which need not exist, or null outside the file system.</summary>
    private protected string? FilePath(string path)
    {
        string full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return provider.Name == "FileSystem" ? full : null;
    }

    /// <summary>
    /// Whether nothing exists at the path and its last part has no extension. The user then probably means a folder,
    /// and a file of that name would be in the place of the folder.
    /// </summary>
    private static bool IsMissingFolder(string path) =>
        !Path.Exists(path) && (!Path.HasExtension(path) || Path.GetFileNameWithoutExtension(path).Length == 0);

    /// <summary>
    /// Whether the cluster is already done. The cmdlet then has no work there, and makes no call to it.
    /// </summary>
    private protected virtual bool IsDone(EtcdConnection connection, IRunObserver observer) => false;

    /// <summary>
    /// Called for a connection that is not used because another one leads to the same cluster. The user has already
    /// received a warning.
    /// </summary>
    private protected virtual void LeaveOut(EtcdConnection connection, string reason, IRunObserver observer) { }

    /// <summary>Called for a connection that was closed. The cmdlet writes the error afterwards.</summary>
    private protected virtual void LeaveClosed(
        EtcdConnection connection,
        EtcdException closed,
        IRunObserver observer
    ) { }

    /// <summary>Processes all clusters.</summary>
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
        foreach (EtcdConnection connection in Connections.Distinct())
        {
            if (IsDone(connection, pump))
                continue;
            if (connection.IsOpen)
                clusters.For(connection);
            else
            {
                EtcdException closed = ConnectionErrors.Closed(connection);
                LeaveClosed(connection, closed, pump);
                pump.ReportError(closed);
            }
        }
        if (fallback is not null && await fallback.OpenAsync(CallTimeout, pump, cancellationToken) is { } found)
        {
            if (!IsDone(found, pump))
                clusters.For(found);
        }
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
