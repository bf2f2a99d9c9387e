using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Saves a snapshot of each cluster to a file that only its owner can read, and verifies it.</summary>
[Cmdlet(VerbsData.Save, "EtcdSnapshot", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(EtcdSnapshot))]
public sealed class SaveEtcdSnapshotCommand : ClusterCommand
{
    private string _fullPath = "";
    private bool _mayWait;

    /// <summary>A file, or an existing folder in which each snapshot gets its own file name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Whether to overwrite an existing file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Whether to read the saved file, and to compare it with the members.</summary>
    [Parameter]
    public SwitchParameter Prove { get; set; }

    private protected override bool Changes => true;

    // A snapshot only reads the database. An unnecessary snapshot is a smaller problem than a missing one.
    private protected override bool TakesEachClusterOnce => false;

    private protected override void CheckArguments()
    {
        _fullPath = SnapshotFile(Path);
        _mayWait =
            !PipelinePump.IsWithin<InvokeEtcdDefragCommand>() && !PipelinePump.IsWithin<InvokeEtcdMaintenanceCommand>();
    }

    private protected override async Task RunAsync(
        IReadOnlyList<EtcdConnection> connections,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        if (connections.Count > 1 && !Directory.Exists(_fullPath))
            throw InputErrors.OneFileForSeveralClusters(_fullPath);
        foreach (EtcdConnection connection in connections)
        {
            var request = new SnapshotRequest
            {
                Path = _fullPath,
                Force = Force,
                Prove = Prove,
                MayWait = _mayWait,
                CallTimeout = CallTimeout,
            };
            try
            {
                if (
                    await connection.Cluster.SaveSnapshotAsync(request, observer, cancellationToken) is not { } snapshot
                )
                    continue;
                observer.Emit(snapshot);
                if (snapshot.Unproven is { } unproven)
                    observer.ReportError(unproven);
            }
            catch (EtcdException error) when (connections.Count > 1 || !InputErrors.IsOfArgument(error))
            {
                observer.ReportError(error);
            }
        }
    }
}
