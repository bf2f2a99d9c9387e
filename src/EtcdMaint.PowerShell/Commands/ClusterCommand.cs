using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// A cmdlet that works on whole clusters: those of the connections that it was given, else the one that is meant when
/// none is named. Connections that were asked for and are not there mean no cluster, never the default one.
/// </summary>
public abstract class ClusterCommand : EtcdCommand
{
    private readonly List<EtcdConnection> _connections = [];

    private bool _wasAsked;

    /// <summary>The connections to the clusters to work on.</summary>
    [Parameter(ValueFromPipeline = true)]
    public EtcdConnection[]? Connection { get; set; }

    /// <summary>Whether it changes the cluster: then it never acts on one that nobody chose.</summary>
    private protected virtual bool Changes => false;

    /// <summary>Whether two connections that lead to one cluster mean it only once.</summary>
    private protected virtual bool TakesEachClusterOnce => Changes;

    /// <summary>Whether nothing may be changed (<c>-WhatIf</c>).</summary>
    private protected bool PlansOnly { get; private set; }

    /// <summary>Gathers what the pipeline brings; the work starts when all is known.</summary>
    protected override void ProcessRecord()
    {
        _wasAsked = true;
        _connections.AddRange((Connection ?? []).Where(connection => connection is not null));
    }

    /// <summary>Works on what was gathered.</summary>
    protected override void EndProcessing()
    {
        if (!_wasAsked || ((IsBound(nameof(Connection)) || MyInvocation.ExpectingInput) && _connections.Count == 0))
        {
            WriteVerbose("No connection was given, so nothing is done.");
            return;
        }
        Check(() =>
        {
            CheckArguments();
            if (Changes)
                ConnectionChoice.RequireExplicit(_connections);
            PlansOnly = Changes && PlanMode.IsOn(this);
            ConnectionChoice? fallback = _connections.Count == 0 ? new ConnectionChoice(this, Changes) : null;
            EtcdConnection? preferred = RunspaceConnections.Current.Default;
            Run((pump, cancellationToken) => WorkAsync(fallback, preferred, pump, cancellationToken));
        });
    }

    /// <summary>Throws an <see cref="EtcdException"/> for arguments that do not go together.</summary>
    private protected virtual void CheckArguments() { }

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

    private async Task WorkAsync(
        ConnectionChoice? fallback,
        EtcdConnection? preferred,
        PipelinePump pump,
        CancellationToken cancellationToken
    )
    {
        var clusters = new ClusterGrouping();
        foreach (EtcdConnection connection in _connections)
        {
            if (connection.IsOpen)
                clusters.For(connection);
            else
                pump.ReportError(ConnectionErrors.Closed(connection));
        }
        if (fallback is not null && await fallback.OpenAsync(CallTimeout, pump, cancellationToken) is { } found)
            clusters.For(found);
        if (TakesEachClusterOnce)
        {
            var merge = new SameClusterMerge(
                preferred,
                new SameClusterSearch(CallTimeout, pump, cancellationToken),
                pump
            );
            foreach ((EtcdConnection connection, string reason) in await merge.RunAsync(clusters))
                LeaveOut(connection, reason, pump);
        }
        await RunAsync([.. clusters.Works.Select(work => work.Connection)], pump, cancellationToken);
    }
}
