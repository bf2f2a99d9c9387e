using System.Management.Automation;
using EtcdMaint.Reports;

namespace EtcdMaint.Cmdlets;

/// <summary>Writes maintenance reports to one file, as JSON or as an HTML page.</summary>
[Cmdlet(VerbsData.Export, "EtcdMaintenanceReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ExportEtcdMaintenanceReportCommand : PSCmdlet
{
    private readonly List<EtcdMaintenanceReport> _reports = [];

    private ReportFile _file = null!;

    private string _fullPath = "";

    /// <summary>The file to write. Its folder must exist.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The format. By default, the extension of the file determines it.</summary>
    [Parameter]
    public EtcdReportFormat Format { get; set; }

    /// <summary>Whether to overwrite an existing file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The reports of <c>Invoke-EtcdMaintenance</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [SerializedReport]
    public EtcdMaintenanceReport[]? InputObject { get; set; }

    /// <summary>
    /// Rejects a path that cannot be written before the preceding cmdlet in the pipeline starts its run.
    /// </summary>
    protected override void BeginProcessing()
    {
        try
        {
            _fullPath = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path, out ProviderInfo provider, out _);
            if (provider.Name != "FileSystem")
                throw ReportErrors.NotAFile(Path);
            bool isFormatGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Format));
            _file = ReportFile.At(_fullPath, isFormatGiven ? Format : null, Force);
        }
        catch (EtcdException error)
        {
            ThrowTerminatingError(error.ToErrorRecord());
        }
    }

    /// <summary>Collects the reports, because a page begins with a summary of all reports.</summary>
    protected override void ProcessRecord() =>
        _reports.AddRange((InputObject ?? []).Where(report => report is not null));

    /// <summary>Writes the collected reports.</summary>
    protected override void EndProcessing()
    {
        if (_reports.Count == 0)
        {
            WriteVerbose("No report was specified, so the cmdlet wrote nothing.");
            return;
        }
        if (_reports.Find(report => report.IsTruncated) is { } truncated)
            ThrowTerminatingError(ReportErrors.Truncated(truncated.ClusterName).ToErrorRecord());
        string what = _reports.Count == 1 ? $"the report on {_reports[0].ClusterName}" : $"{_reports.Count} reports";
        if (!ShouldProcess(_fullPath, $"Write {what} as {_file.Format}"))
            return;
        try
        {
            WriteObject(_file.Write(ReportDocument.Render(_reports, _file.Format, DateTimeOffset.UtcNow)));
        }
        catch (EtcdException error)
        {
            ThrowTerminatingError(error.ToErrorRecord());
        }
    }
}
