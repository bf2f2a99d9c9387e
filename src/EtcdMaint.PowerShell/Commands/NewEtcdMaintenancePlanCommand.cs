using System.Management.Automation;
using EtcdMaint.Fleet;
using EtcdMaint.Plans;
using EtcdMaint.Reports;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Plans the maintenance of clusters as Invoke-EtcdMaintenance -WhatIf does, and makes one plan of it, which can be
/// approved and run later.
/// </summary>
[Cmdlet(VerbsCommon.New, "EtcdMaintenancePlan", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(EtcdMaintenancePlan))]
public sealed class NewEtcdMaintenancePlanCommand : MaintenancePolicyCommand
{
    private readonly PlanCollector _collected = new();

    private ConnectOutcome? _connecting;

    private (string Path, ReportFile File)[] _files = [];

    /// <summary>The files to write: JSON, which can be run, an HTML page for readers, or both.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Whether to overwrite existing files.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// After this time, a run of the plan starts no cluster, and no member whose predicted end is later.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(DateTime))]
    public DateTime? NotAfter { get; set; }

    /// <summary>The number of clusters to process at the same time.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 4;

    private protected override bool TakesEachClusterOnce => true;

    /// <summary>
    /// Rejects a path that cannot be written before the preceding cmdlet in the pipeline connects to the first cluster.
    /// </summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        Check(() => _files = [.. (Path ?? []).Select(FileAt)]);
        if (MyInvocation.ExpectingInput)
            _connecting = RunspaceConnections.Current.TakeFleet();
    }

    /// <summary>Plans all clusters, writes the files and emits the plan, and then reports the errors.</summary>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        EtcdMaintenanceReport[] reports =
        [
            .. _collected.Reports,
            .. (_connecting?.Unreachable ?? []).Select(failed => MaintenanceFleet.Unreachable(failed)),
        ];
        if (reports.Length == 0)
            return;
        EtcdMaintenancePlan plan = PlanBuilder.Build(
            reports,
            PolicyRequest(planOnly: true),
            NotAfter is { } end ? new DateTimeOffset(end) : null,
            DateTimeOffset.UtcNow
        );
        foreach ((string path, ReportFile file) in _files)
            if (ShouldProcess(path, $"Write the plan as {file.Format}"))
                Check(() => file.Write(Render(plan, file.Format)));
        WriteObject(plan);
        foreach (EtcdException error in _collected.Errors)
            WriteError(error.ToErrorRecord());
    }

    private protected override Task RunAsync(
        IReadOnlyList<EtcdConnection> connections,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        MaintenanceRequest request = PolicyRequest(planOnly: true);
        RequireFolder(request.SnapshotPath, connections);
        _collected.Begin(observer, connections);
        var fleet = new MaintenanceFleet(ThrottleLimit, int.MaxValue, null, TimeProvider.System)
        {
            IgnoresRings = true,
        };
        return fleet.RunAsync(connections, request, _collected, cancellationToken);
    }

    private (string Path, ReportFile File) FileAt(string path)
    {
        string full = FilePath(path) ?? throw ReportErrors.NotAFile(path);
        ReportFile file = ReportFile.At(full, format: null, Force);
        return file.Format is EtcdReportFormat.Json or EtcdReportFormat.Html
            ? (full, file)
            : throw ReportErrors.FormatUnknown(path);
    }

    private static byte[] Render(EtcdMaintenancePlan plan, EtcdReportFormat format) =>
        format is EtcdReportFormat.Json ? PlanDocument.Render(plan) : PlanPage.Render(plan);
}
