using System.Management.Automation;
using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Runs the whole runbook for one or more clusters: health, compaction, defragmentation, alarm and verification.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "EtcdMaintenance", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(EtcdMaintenanceReport))]
public sealed partial class InvokeEtcdMaintenanceCommand : ClusterCommand
{
    private const long Mebibyte = 1024 * 1024;

    private string? _snapshotPath;

    private MaintenanceFleet? _fleet;

    private ConnectOutcome? _connecting;

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
    /// A rule that is evaluated directly before the turn of a member, with its current status as <c>$_</c>. It replaces
    /// the thresholds. It does not exclude the members that keep the NOSPACE alarm armed.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(ScriptBlock))]
    public ScriptBlock? When { get; set; }

    /// <summary>
    /// Selects only members with at least this fragmentation, 0 to 1, or members near their quota that would reclaim
    /// much of it.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(double))]
    [OptionalRange(0.0, 1.0)]
    public double? MinimumFragmentationRatio { get; set; } = 0.45;

    /// <summary>
    /// Selects only members with at least this number of free bytes in their file, or members near their quota that
    /// would reclaim much of it.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(long))]
    [OptionalRange(0, long.MaxValue)]
    public long? MinimumFreeBytes { get; set; } = 100 * Mebibyte;

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

    /// <summary>No cluster starts after this time, and no member starts whose predicted end is after it.</summary>
    [Parameter]
    [Narrowing(typeof(DateTime))]
    public DateTime? NotAfter { get; set; }

    /// <summary>The checks to turn off.</summary>
    [Parameter]
    public EtcdGate[]? Override { get; set; }

    /// <summary>The number of clusters to process at the same time.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>The number of failed runs after which no other cluster starts.</summary>
    [Parameter]
    [Narrowing(typeof(int))]
    [OptionalRange(1, int.MaxValue)]
    public int? FailureLimit { get; set; } = 1;

    /// <summary>How long a stopped run waits for the current members, in seconds.</summary>
    [Parameter]
    [Narrowing(typeof(int))]
    [OptionalRange(0, 86400)]
    public int? StopWaitSeconds { get; set; } = 300;

    private protected override bool Changes => true;

    private DateTimeOffset? LatestEnd => NotAfter is { } latest ? new DateTimeOffset(latest) : null;

    private protected override PipelineSummary NewSummary() => new() { IsPlan = IsWhatIf };

    /// <summary>Finds the Connect-EtcdCluster that feeds the same pipeline.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (MyInvocation.ExpectingInput)
            _connecting = RunspaceConnections.Current.TakeFleet();
        Check(OpenJournal);
        _fleet = new MaintenanceFleet(ThrottleLimit, FailureLimit!.Value, LatestEnd, TimeProvider.System)
        {
            Journal = _journal,
        };
    }

    /// <summary>
    /// Emits a report for each cluster to which Connect-EtcdCluster in the same pipeline could not connect, and then
    /// maintains the other clusters. Connect-EtcdCluster has already reported the errors.
    /// </summary>
    protected override void EndProcessing()
    {
        Check(CheckNames);
        foreach (UnreachableCluster failed in _connecting?.Unreachable ?? [])
            Check(() => WriteObject(ReportOn(failed)));
        base.EndProcessing();
    }

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
        return _fleet!.RunAsync(connections, ToRequest(), observer, cancellationToken);
    }

    private protected override void LeaveOut(EtcdConnection connection, string reason, IRunObserver observer)
    {
        EtcdMaintenanceReport report = MaintenanceFleet.WithoutRun(
            connection,
            EtcdMaintenanceStatus.Skipped,
            reason,
            DateTimeOffset.UtcNow
        );
        _fleet!.Take(report);
        observer.Emit(report);
    }

    /// <summary>
    /// The pipeline no longer receives the reports of the active runs, so the host shows how each of them ended.
    /// </summary>
    private protected override void OnPipelineStopped()
    {
        foreach ((EtcdConnection connection, EtcdMaintenanceReport report) in _fleet?.Cut ?? [])
            Host?.UI?.WriteWarningLine(RowText.Stopped(connection, report.Reason, report.Defrag));
    }

    private MaintenanceRequest ToRequest() =>
        new()
        {
            SnapshotPath = _snapshotPath,
            KeepRevisions = KeepRevisions!.Value,
            KeepDuration = KeepDuration!.Value,
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
                MaximumLeaseLost = MaximumLeaseLost,
                NotAfter = LatestEnd,
                Override = new HashSet<EtcdGate>(Override ?? []),
                CallTimeout = CallTimeout,
                StopTimeout = TimeSpan.FromSeconds(StopWaitSeconds!.Value),
                PlanOnly = IsWhatIf,
            },
        };
}
