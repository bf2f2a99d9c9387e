using System.Management.Automation;
using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The whole runbook, for one cluster or many: health, compaction, defragmentation, alarm, verification.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "EtcdMaintenance", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(EtcdMaintenanceReport))]
public sealed class InvokeEtcdMaintenanceCommand : ClusterCommand
{
    private const long Mebibyte = 1024 * 1024;

    private string? _snapshotPath;

    private MaintenanceFleet? _fleet;

    /// <summary>Save a snapshot to this file or folder before anything is changed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SnapshotPath { get; set; }

    /// <summary>Revisions to keep when compacting; none are kept while NOSPACE is armed.</summary>
    [Parameter]
    [Narrowing(typeof(long))]
    [OptionalRange(0, long.MaxValue)]
    public long? KeepRevisions { get; set; } = 1000;

    /// <summary>
    /// A rule asked just before a member's turn, with its fresh status as <c>$_</c>; it takes the place of the
    /// thresholds. It does not hold back the members that keep the NOSPACE alarm armed.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(ScriptBlock))]
    public ScriptBlock? When { get; set; }

    /// <summary>Only members at least this fragmented, 0 to 1, or near their quota with much of it to gain.</summary>
    [Parameter]
    [Narrowing(typeof(double))]
    [OptionalRange(0.0, 1.0)]
    public double? MinimumFragmentationRatio { get; set; } = 0.45;

    /// <summary>
    /// Only members with at least this many free bytes in their file, or near their quota with much of it to gain.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(long))]
    [OptionalRange(0, long.MaxValue)]
    public long? MinimumFreeBytes { get; set; } = 100 * Mebibyte;

    /// <summary>NOSPACE stays armed while a voter's file takes more than this share of its quota, 0 to 1.</summary>
    [Parameter]
    [Narrowing(typeof(double))]
    [OptionalRange(0.0, 1.0)]
    public double? MaximumQuotaUsedRatio { get; set; } = 0.9;

    /// <summary>End the run in a cluster when its other members stall for longer than this, in seconds.</summary>
    [Parameter]
    [Narrowing(typeof(double))]
    [OptionalRange(0.0, 86400.0)]
    public double? MaximumStallSeconds { get; set; }

    /// <summary>Start no cluster after this time, and no member that is not expected to be done by then.</summary>
    [Parameter]
    [Narrowing(typeof(DateTime))]
    public DateTime? NotAfter { get; set; }

    /// <summary>Checks to switch off.</summary>
    [Parameter]
    public EtcdGate[]? Override { get; set; }

    /// <summary>How many clusters are worked on at a time.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>After so many clusters have failed no further one is started.</summary>
    [Parameter]
    [Narrowing(typeof(int))]
    [OptionalRange(1, int.MaxValue)]
    public int? FailureLimit { get; set; } = 1;

    /// <summary>How long a stop waits for the members in hand, in seconds.</summary>
    [Parameter]
    [Narrowing(typeof(int))]
    [OptionalRange(0, 86400)]
    public int? StopWaitSeconds { get; set; } = 300;

    private protected override bool Changes => true;

    private DateTimeOffset? LatestEnd => NotAfter is { } latest ? new DateTimeOffset(latest) : null;

    private protected override void CheckArguments() =>
        _snapshotPath = SnapshotPath is null ? null : SnapshotFile(SnapshotPath);

    private protected override Task RunAsync(
        IReadOnlyList<EtcdConnection> connections,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        if (connections.Count > 1 && _snapshotPath is not null && !Directory.Exists(_snapshotPath))
            throw InputErrors.OneFileForSeveralClusters(_snapshotPath);
        _fleet = new MaintenanceFleet(ThrottleLimit, FailureLimit!.Value, LatestEnd, TimeProvider.System);
        return _fleet.RunAsync(connections, ToRequest(), observer, cancellationToken);
    }

    private protected override void LeaveOut(EtcdConnection connection, string reason, IRunObserver observer) =>
        observer.Emit(
            MaintenanceFleet.WithoutRun(connection, EtcdMaintenanceStatus.Skipped, reason, DateTimeOffset.UtcNow)
        );

    /// <summary>
    /// The reports of what was in hand reach nobody any more, so the host says how each of them ended.
    /// </summary>
    private protected override void OnPipelineStopped()
    {
        foreach (EtcdMaintenanceReport report in _fleet?.Cut ?? [])
            Host?.UI?.WriteWarningLine($"{report.ClusterName}: {report.Reason}; {Rows.Defragmented(report.Defrag)}.");
    }

    private MaintenanceRequest ToRequest() =>
        new()
        {
            SnapshotPath = _snapshotPath,
            KeepRevisions = KeepRevisions!.Value,
            MaximumQuotaUsedRatio = MaximumQuotaUsedRatio!.Value,
            CallTimeout = CallTimeout,
            PlanOnly = IsWhatIf,
            Defrag = new DefragRequest
            {
                Targets = [],
                When = When is null ? null : AskRule(When),
                MinimumFragmentationRatio =
                    When is null || IsBound(nameof(MinimumFragmentationRatio)) ? MinimumFragmentationRatio : null,
                MinimumFreeBytes = When is null || IsBound(nameof(MinimumFreeBytes)) ? MinimumFreeBytes : null,
                MaximumStall = MaximumStallSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                NotAfter = LatestEnd,
                Override = new HashSet<EtcdGate>(Override ?? []),
                CallTimeout = CallTimeout,
                StopTimeout = TimeSpan.FromSeconds(StopWaitSeconds!.Value),
                PlanOnly = IsWhatIf,
            },
        };
}
