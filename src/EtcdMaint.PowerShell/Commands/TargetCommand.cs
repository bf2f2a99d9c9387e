using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// A cmdlet that collects its targets from the pipeline and starts when all of them are known. Without a target, it
/// uses the default connection of the runspace. A target that was specified and is empty means no cluster, never the
/// default one.
/// </summary>
public abstract class TargetCommand : EtcdCommand
{
    private readonly List<EtcdConnection> _connections = [];

    private bool _wasAsked;

    /// <summary>The connections from the pipeline and the command line.</summary>
    private protected IReadOnlyList<EtcdConnection> Connections => _connections;

    /// <summary>Whether the cmdlet changes the cluster. It then requires an explicit connection.</summary>
    private protected virtual bool Changes => false;

    /// <summary>Whether the cmdlet only plans (<c>-WhatIf</c>).</summary>
    private protected bool IsWhatIf { get; private set; }

    /// <summary>The connection of each target; null for a record that was stored without one.</summary>
    private protected virtual IEnumerable<EtcdConnection?> TargetConnections => _connections;

    /// <summary>
    /// Whether the pipeline contained names, which specify members of the cluster that the cmdlet would use without a
    /// target.
    /// </summary>
    private protected virtual bool NeedsDefault => false;

    /// <summary>The value of <c>-Connection</c> for the current record.</summary>
    private protected abstract EtcdConnection[]? CurrentConnection { get; }

    /// <summary>Collects the pipeline input. The work starts when the input is complete.</summary>
    protected override void ProcessRecord()
    {
        _wasAsked = true;
        _connections.AddRange((CurrentConnection ?? []).Where(connection => connection is not null));
    }

    /// <summary>Processes the collected input.</summary>
    protected override void EndProcessing()
    {
        if (WhyNothing() is { } reason)
        {
            WriteVerbose(reason);
            return;
        }

        Check(() =>
        {
            CheckArguments();
            EtcdConnection?[] targets = [.. TargetConnections];
            if (Changes)
                ConnectionChoice.RequireExplicit(targets);
            IsWhatIf = Changes && PlanMode.IsOn(this);
            ConnectionChoice? fallback =
                targets.Length == 0 || NeedsDefault ? new ConnectionChoice(this, Changes) : null;
            EtcdConnection? preferred = RunspaceConnections.Current.Default;
            Run((pump, cancellationToken) => WorkAsync(fallback, preferred, pump, cancellationToken));
        });
    }

    /// <summary>Throws an <see cref="EtcdException"/> for arguments that cannot be combined.</summary>
    private protected virtual void CheckArguments() { }

    /// <summary>Returns the reason why there is nothing to do; null if there are targets.</summary>
    private protected virtual string? WhyNothing()
    {
        if (!_wasAsked)
            return "The pipeline was empty, so the cmdlet did nothing.";
        if (IsBound("Connection") && _connections.Count == 0)
            return "-Connection is empty, so the cmdlet did nothing.";
        if (MyInvocation.ExpectingInput && !TargetConnections.Any() && !NeedsDefault)
            return "The pipeline contained no target, so the cmdlet did nothing.";
        return null;
    }

    /// <summary>Merges connections to the same cluster, so that each cluster is processed once.</summary>
    private protected Task<IReadOnlyList<(EtcdConnection Connection, string Reason)>> MergeAsync(
        ClusterGrouping clusters,
        EtcdConnection? preferred,
        PipelinePump pump,
        CancellationToken cancellationToken
    ) =>
        new SameClusterMerge(preferred, new SameClusterSearch(CallTimeout, pump, cancellationToken), pump).RunAsync(
            clusters
        );

    /// <param name="fallback">Finds a connection if no target was specified; otherwise null.</param>
    /// <param name="preferred">The connection to use if two connections lead to the same cluster.</param>
    /// <param name="pump">The pipeline.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    private protected abstract Task WorkAsync(
        ConnectionChoice? fallback,
        EtcdConnection? preferred,
        PipelinePump pump,
        CancellationToken cancellationToken
    );
}
