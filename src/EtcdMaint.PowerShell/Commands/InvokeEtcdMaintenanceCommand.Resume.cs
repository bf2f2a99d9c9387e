using System.Management.Automation;
using EtcdMaint.Fleet;
using EtcdMaint.Journal;

namespace EtcdMaint.Cmdlets;

/// <content>The parameters for a run that continues an earlier one.</content>
public sealed partial class InvokeEtcdMaintenanceCommand : IDisposable
{
    private MaintenanceJournal? _journal;

    private JournalOutdatedWarning? _outdated;

    /// <summary>
    /// A file that records each cluster as it ends. Another run with the same file maintains only the clusters that are
    /// not done, and emits the earlier reports of the others.
    /// </summary>
    [Parameter]
    [Narrowing]
    public string? ResumePath { get; set; }

    /// <summary>
    /// Whether to maintain clusters again whose earlier run failed after it had begun to change them. Look at these
    /// clusters first.
    /// </summary>
    [Parameter]
    public SwitchParameter RetryFailed { get; set; }

    /// <summary>Releases the journal, so that another run can use it.</summary>
    public void Dispose() => _journal?.Dispose();

    /// <summary>
    /// Emits the report of the earlier run for a cluster that is done in the journal. It counts for the rings and for
    /// the failure limit.
    /// </summary>
    private protected override bool IsDone(EtcdConnection connection, IRunObserver observer)
    {
        if (_journal?.FindDone(connection.ClusterName, connection.ClusterId, connection.Ring) is not { } report)
            return false;
        _fleet!.Take(report);
        _outdated!.Check(report, observer.Warn);
        observer.LogVerbose($"{connection}: the journal contains its result of {report.StartedAt:u}.");
        observer.Emit(report);
        return true;
    }

    /// <summary>Opens the journal before an earlier cmdlet of the pipeline connects to a cluster.</summary>
    private void OpenJournal()
    {
        if (ResumePath is null)
        {
            if (RetryFailed)
                throw InputErrors.RetryFailedNeedsResumePath();
            return;
        }
        string path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(
            ResumePath,
            out ProviderInfo provider,
            out _
        );
        if (provider.Name != "FileSystem")
            throw JournalErrors.NotAFile(ResumePath);
        var policy = new ResumePolicy(RetryFailed);
        _journal = PlanMode.IsOn(this)
            ? MaintenanceJournal.OpenToRead(path, policy)
            : MaintenanceJournal.Open(path, policy);
        _outdated = new JournalOutdatedWarning(path, _plan?.PlanId, DateTimeOffset.UtcNow);
    }

    /// <summary>Rejects two clusters of one name, because the journal would take one for the other.</summary>
    private void CheckNames()
    {
        if (ResumePath is null)
            return;
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (
            string name in Connections
                .Distinct()
                .Select(connection => connection.ClusterName)
                .Concat(Unreachable.Select(failed => failed.ClusterName))
        )
            if (!names.Add(name))
                throw InputErrors.ClusterNameRepeated(name);
    }

    /// <summary>
    /// Returns the report of the earlier run if the cluster is done, and otherwise that it could not be reached.
    /// </summary>
    private EtcdMaintenanceReport ReportOn(UnreachableCluster failed)
    {
        EtcdMaintenanceReport? done = _journal?.FindDone(failed.ClusterName, clusterId: null, failed.Ring);
        if (done is not null)
            _outdated!.Check(done, WriteWarning);
        EtcdMaintenanceReport report = done ?? MaintenanceFleet.Unreachable(failed, _plan?.PlanId);
        _fleet!.Take(report);
        return report;
    }
}
