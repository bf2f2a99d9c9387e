using System.Management.Automation;
using EtcdMaint.Fleet;
using EtcdMaint.Plans;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Runs the whole runbook for one or more clusters: health, compaction, defragmentation, alarm and verification.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "EtcdMaintenance", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(EtcdMaintenanceReport))]
public sealed partial class InvokeEtcdMaintenanceCommand : MaintenancePolicyCommand
{
    private MaintenanceFleet? _fleet;

    private ConnectOutcome? _connecting;

    /// <summary>
    /// A rule that is evaluated directly before the turn of a member, with its current status as <c>$_</c>. It replaces
    /// the thresholds. It does not exclude the members that keep the NOSPACE alarm armed.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(ScriptBlock))]
    public ScriptBlock? When { get; set; }

    /// <summary>No cluster starts after this time, and no member starts whose predicted end is after it.</summary>
    [Parameter]
    [Narrowing(typeof(DateTime))]
    public DateTime? NotAfter { get; set; }

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
        ReadPlan();
        if (MyInvocation.ExpectingInput)
            _connecting = RunspaceConnections.Current.TakeFleet();
        Check(OpenJournal);
        _fleet = new MaintenanceFleet(
            ThrottleLimit,
            FailureLimit!.Value,
            PlanRequest.Earliest(_plan?.NotAfter, LatestEnd),
            TimeProvider.System
        )
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

        // Without any connection, no run took place.
        Check(() => EmitMissing([], WriteObject));
    }

    private protected override Task RunAsync(
        IReadOnlyList<EtcdConnection> connections,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        MaintenanceRequest request = ToRequest();
        RequireFolder(request.SnapshotPath, connections);
        EmitMissing([.. connections, .. Connections], observer.Emit);
        return _fleet!.RunAsync(connections, request, WithHistory(observer), cancellationToken);
    }

    private protected override void LeaveOut(EtcdConnection connection, string reason, IRunObserver observer) =>
        EmitWithoutRun(connection, EtcdMaintenanceStatus.Skipped, reason, null, observer);

    private protected override void LeaveClosed(
        EtcdConnection connection,
        EtcdException closed,
        IRunObserver observer
    ) => EmitWithoutRun(connection, EtcdMaintenanceStatus.NotAttempted, closed.Message, closed, observer);

    private void EmitWithoutRun(
        EtcdConnection connection,
        EtcdMaintenanceStatus status,
        string reason,
        EtcdException? error,
        IRunObserver observer
    )
    {
        EtcdMaintenanceReport report = MaintenanceFleet.WithoutRun(
            connection,
            status,
            reason,
            DateTimeOffset.UtcNow,
            error,
            planId: _plan?.PlanId
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

    private MaintenanceRequest ToRequest()
    {
        MaintenanceRequest policy = PolicyRequest(IsWhatIf);
        MaintenanceRequest request = policy with
        {
            Defrag = policy.Defrag with
            {
                When = When is null ? null : AskRule(When),
                MinimumFragmentationRatio =
                    When is null || IsBound(nameof(MinimumFragmentationRatio)) ? MinimumFragmentationRatio : null,
                MinimumFreeBytes = When is null || IsBound(nameof(MinimumFreeBytes)) ? MinimumFreeBytes : null,
                NotAfter = LatestEnd,
                StopTimeout = TimeSpan.FromSeconds(StopWaitSeconds!.Value),
            },
        };
        return _plan is null ? request : PlanRequest.Of(_plan, request);
    }
}
