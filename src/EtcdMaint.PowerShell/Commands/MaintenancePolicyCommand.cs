using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// A cmdlet that maintains whole clusters or plans it: what the compaction keeps, which members are worth a pause, and
/// when a run ends. A plan contains these settings.
/// </summary>
public abstract class MaintenancePolicyCommand : ClusterCommand
{
    private string? _snapshotPath;

    /// <summary>The file or folder for a snapshot that is saved before the first change.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SnapshotPath { get; set; }

    /// <summary>The number of revisions that the compaction keeps. While NOSPACE is armed, it keeps none.</summary>
    [Parameter]
    [Narrowing(typeof(long))]
    [OptionalRange(0, long.MaxValue)]
    public long? KeepRevisions { get; set; } = MaintenanceRequest.DefaultKeepRevisions;

    /// <summary>
    /// The time whose revisions the compaction keeps, at the rate of the writes that the run measures. The run keeps
    /// these or <c>-KeepRevisions</c>, whichever are more. While NOSPACE is armed, it keeps none.
    /// </summary>
    [Parameter]
    [Narrowing]
    [Duration]
    public TimeSpan? KeepDuration { get; set; } = MaintenanceRequest.DefaultKeepDuration;

    /// <summary>
    /// Selects only members with at least this fragmentation, 0 to 1, or members near their quota that would reclaim
    /// much of it.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(double))]
    [OptionalRange(0.0, 1.0)]
    public double? MinimumFragmentationRatio { get; set; } = MaintenanceThresholds.MinimumFragmentationRatio;

    /// <summary>
    /// Selects only members with at least this number of free bytes in their file, or members near their quota that
    /// would reclaim much of it.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(long))]
    [OptionalRange(0, long.MaxValue)]
    public long? MinimumFreeBytes { get; set; } = MaintenanceThresholds.MinimumFreeBytes;

    /// <summary>
    /// NOSPACE stays armed while the file of a member uses more than this share of its quota, 0 to 1.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(double))]
    [OptionalRange(0.0, 1.0)]
    public double? MaximumQuotaUsedRatio { get; set; } = 0.9;

    /// <summary>Ends the run in a cluster if its other members stall for longer than this, in seconds.</summary>
    [Parameter]
    [Narrowing(typeof(double))]
    [OptionalRange(0.0, 86400.0)]
    public double? MaximumStallSeconds { get; set; }

    /// <summary>
    /// Ends the run in a cluster if more of its leader-election leases of Kubernetes were lost than this; null allows
    /// any number.
    /// </summary>
    [Parameter]
    [OptionalRange(0, int.MaxValue)]
    public int? MaximumLeaseLost { get; set; } = 0;

    /// <summary>The checks to turn off.</summary>
    [Parameter]
    public EtcdGate[]? Override { get; set; }

    private protected override void CheckArguments() =>
        _snapshotPath = SnapshotPath is null ? null : SnapshotFile(SnapshotPath);

    /// <summary>Throws if several clusters would save their snapshots to one file.</summary>
    private protected static void RequireFolder(string? snapshotPath, IReadOnlyList<EtcdConnection> connections)
    {
        if (connections.Count > 1 && snapshotPath is not null && !Directory.Exists(snapshotPath))
            throw InputErrors.OneFileForSeveralClusters(snapshotPath);
    }

    /// <summary>Returns the request with the settings that a plan contains.</summary>
    private protected MaintenanceRequest PolicyRequest(bool planOnly) =>
        new()
        {
            SnapshotPath = _snapshotPath,
            KeepRevisions = KeepRevisions!.Value,
            KeepDuration = KeepDuration!.Value,
            MaximumQuotaUsedRatio = MaximumQuotaUsedRatio!.Value,
            CallTimeout = CallTimeout,
            PlanOnly = planOnly,
            Defrag = new DefragRequest
            {
                Targets = [],
                MinimumFragmentationRatio = MinimumFragmentationRatio,
                MinimumFreeBytes = MinimumFreeBytes,
                MaximumStall = MaximumStallSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                MaximumLeaseLost = MaximumLeaseLost,
                Override = new HashSet<EtcdGate>(Override ?? []),
                CallTimeout = CallTimeout,
                PlanOnly = planOnly,
            },
        };
}
