using System.Management.Automation;
using EtcdMaint.Fleet;
using EtcdMaint.Plans;

namespace EtcdMaint.Cmdlets;

/// <summary>The parameter for a plan that was made before, and possibly approved.</summary>
public sealed partial class InvokeEtcdMaintenanceCommand
{
    /// <summary>The parameters whose values a plan contains, or that a plan cannot contain.</summary>
    private static readonly string[] SettingsOfPlan =
    [
        nameof(SnapshotPath),
        nameof(KeepRevisions),
        nameof(KeepDuration),
        nameof(When),
        nameof(MinimumFragmentationRatio),
        nameof(MinimumFreeBytes),
        nameof(MaximumQuotaUsedRatio),
        nameof(MaximumStallSeconds),
        nameof(MaximumLeaseLost),
        nameof(Override),
    ];

    private EtcdMaintenancePlan? _plan;

    private bool _hasCovered;

    /// <summary>
    /// The plan that the run follows: the object or the path of the JSON file of <c>New-EtcdMaintenancePlan</c>.
    /// </summary>
    [Parameter]
    [Narrowing]
    public object? Plan { get; set; }

    private IReadOnlyList<UnreachableCluster> Unreachable => _connecting?.Unreachable ?? [];

    /// <summary>Reads the plan before the preceding cmdlet in the pipeline connects to the first cluster.</summary>
    private void ReadPlan()
    {
        if (Plan is null)
            return;
        Check(() =>
        {
            if (Array.Find(SettingsOfPlan, IsBound) is { } setting)
                throw InputErrors.PlanSettingsConflict(setting);
            object plan = Plan is PSObject wrapped ? wrapped.BaseObject : Plan;
            _plan = plan switch
            {
                EtcdMaintenancePlan known => known,
                string path => PlanFile.Read(FilePath(path) ?? throw PlanErrors.NotFound(path)),
                FileInfo file => PlanFile.Read(file.FullName),
                _ => throw InputErrors.PlanInvalid(Plan),
            };
            if (_plan.SnapshotPath is { } snapshots)
                SnapshotFile(snapshots);
        });
    }

    /// <summary>
    /// Emits the reports of the clusters of the plan to which no connection leads. The clusters of other shards have
    /// their reports in other processes.
    /// </summary>
    private void EmitMissing(IReadOnlyList<EtcdConnection> connections, Action<EtcdMaintenanceReport> emit)
    {
        if (_plan is null || _hasCovered)
            return;
        _hasCovered = true;
        foreach (
            EtcdMaintenanceReport report in PlanCoverage.FindMissing(
                _plan,
                connections,
                Unreachable,
                DateTimeOffset.UtcNow
            )
        )
        {
            if (_connecting?.Shard?.Contains(report.ClusterName) is false)
                continue;
            _fleet!.Take(report);
            emit(report);
        }
    }
}
