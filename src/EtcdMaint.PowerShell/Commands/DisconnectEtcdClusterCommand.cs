using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Closes the specified connections, or the default connection of the runspace.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "EtcdCluster")]
public sealed class DisconnectEtcdClusterCommand : PSCmdlet
{
    private readonly List<EtcdConnection> _given = [];

    /// <summary>The connections to close.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public EtcdConnection[]? Connection { get; set; }

    /// <summary>Collects the connections.</summary>
    protected override void ProcessRecord() =>
        _given.AddRange((Connection ?? []).Where(connection => connection is not null));

    /// <summary>Closes the connections.</summary>
    protected override void EndProcessing()
    {
        RunspaceConnections state = RunspaceConnections.Current;
        if (IsLeftToDefault() && state.Default is EtcdConnection current)
            _given.Add(current);
        if (_given.Count == 0)
            WriteVerbose("There is no connection to close.");

        foreach (EtcdConnection connection in _given.Distinct())
        {
            state.Forget(connection);
            connection.Cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
            WriteVerbose($"Closed the connection to cluster '{connection}'.");
        }
    }

    private bool IsLeftToDefault() =>
        !MyInvocation.ExpectingInput && !MyInvocation.BoundParameters.ContainsKey(nameof(Connection));
}
