using System.Management.Automation;
using System.Net;
using System.Text;
using EtcdMaint.Metrics;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Writes status rows, health reports, maintenance reports and forecasts as metrics of Prometheus: to a file, to a
/// Pushgateway, or to the pipeline.
/// </summary>
[Cmdlet(
    VerbsData.Export,
    "EtcdMetric",
    DefaultParameterSetName = ToPipeline,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Low
)]
[OutputType(typeof(string), ParameterSetName = [ToPipeline])]
[OutputType(typeof(FileInfo), ParameterSetName = [ToFile])]
public sealed class ExportEtcdMetricCommand : PSCmdlet
{
    private const string ToPipeline = "Text";
    private const string ToFile = "File";
    private const string ToGateway = "Pushgateway";

    private readonly MetricCollector _metrics = new();

    private readonly MetricInput _input = new();

    private readonly CancellationTokenSource _stop = new();

    private string _fullPath = "";

    private MetricFile? _file;

    private PushgatewayClient? _gateway;

    /// <summary>The file to write. Its folder must exist, and its name must end in .prom.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToFile)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The address of the Pushgateway.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToGateway)]
    [ValidateNotNull]
    public Uri? PushgatewayUri { get; set; }

    /// <summary>The user and the password for the Pushgateway.</summary>
    [Parameter(ParameterSetName = ToGateway)]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>The value of the label <c>job</c> in the Pushgateway.</summary>
    [Parameter(ParameterSetName = ToGateway)]
    [ValidateNotNullOrEmpty]
    public string Job { get; set; } = "etcdmaint";

    /// <summary>The time limit of one request to the Pushgateway, in seconds.</summary>
    [Parameter(ParameterSetName = ToGateway)]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>Status rows, health reports, maintenance reports and forecasts.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject?[]? InputObject { get; set; }

    /// <summary>Rejects a target that cannot be used before the preceding cmdlet in the pipeline starts.</summary>
    protected override void BeginProcessing() => Check(PrepareTarget);

    /// <summary>Collects the rows, because all samples of a metric must be together.</summary>
    protected override void ProcessRecord()
    {
        foreach (PSObject? row in InputObject ?? [])
            Check(() => _input.AddTo(_metrics, row));
    }

    /// <summary>Writes the metrics of the collected rows.</summary>
    protected override void EndProcessing()
    {
        Check(_input.ThrowIfUnusable);
        if (_input.PlanCount > 0)
            WriteVerbose("The reports of plans were left out, because a plan is not a run.");
        if (_metrics.IsEmpty)
        {
            WriteVerbose("There are no metrics, so the cmdlet wrote nothing.");
            return;
        }
        IReadOnlyList<MetricSample> samples = _metrics.Collect();
        if (_file is not null)
            WriteFile(_file, samples);
        else if (_gateway is not null)
            Push(_gateway, samples);
        else
            WriteObject(MetricText.Write(samples));
    }

    /// <summary>Ends a request to the Pushgateway.</summary>
    protected override void StopProcessing() => _ = _stop.CancelAsync();

    private void PrepareTarget()
    {
        if (ParameterSetName == ToFile)
        {
            _fullPath = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path, out ProviderInfo provider, out _);
            if (provider.Name != "FileSystem")
                throw MetricErrors.NotAFile(Path);
            _file = MetricFile.At(_fullPath);
        }
        else if (ParameterSetName == ToGateway)
        {
            NetworkCredential? login = Credential?.GetNetworkCredential();
            _gateway = new PushgatewayClient(
                PushgatewayUri!,
                Job,
                // PowerShell splits a user name at a backslash or an at sign, which basic authentication does not.
                login is null
                    ? null
                    : new NetworkCredential(Credential!.UserName, login.Password),
                TimeSpan.FromSeconds(TimeoutSeconds)
            );
            if (login is not null && PushgatewayUri is { Scheme: "http", IsLoopback: false })
                WriteWarning(
                    NamedWarnings.CredentialInClearText($"the password of '{Credential!.UserName}'", $"{_gateway}")
                );
        }
    }

    private void WriteFile(MetricFile file, IReadOnlyList<MetricSample> samples)
    {
        if (ShouldProcess(_fullPath, $"Write {What(samples)}"))
            Check(() => WriteObject(file.Write(Encoding.UTF8.GetBytes(MetricText.Write(samples)))));
    }

    private void Push(PushgatewayClient gateway, IReadOnlyList<MetricSample> samples)
    {
        if (!ShouldProcess($"{gateway}", $"Push {What(samples)}"))
            return;
        var pump = new PipelinePump(this, _stop);
        Task done = pump.Run((observer, cancellationToken) => PushAsync(gateway, samples, observer, cancellationToken));
        pump.ThrowIfBroken();
        try
        {
            Check(() => done.GetAwaiter().GetResult());
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    private static async Task PushAsync(
        PushgatewayClient gateway,
        IReadOnlyList<MetricSample> samples,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        foreach (IGrouping<string, MetricSample> cluster in samples.GroupBy(sample => sample.Cluster))
        {
            observer.LogVerbose($"Sending the metrics of cluster '{cluster.Key}' to {gateway}.");
            try
            {
                await gateway.PushAsync(cluster.Key, MetricText.Write(cluster), cancellationToken);
            }
            catch (EtcdException rejected) when (rejected.ErrorId == ErrorIds.PushgatewayRejected)
            {
                // The metrics of the other clusters can still be accepted. Every other error concerns all of them.
                observer.ReportError(rejected);
            }
        }
    }

    private static string What(IReadOnlyList<MetricSample> samples)
    {
        string[] clusters = [.. samples.Select(sample => sample.Cluster).Distinct().Take(2)];
        return clusters.Length == 1 ? $"the metrics of {clusters[0]}" : "the metrics of several clusters";
    }

    /// <summary>If the work throws an <see cref="EtcdException"/>, the cmdlet ends.</summary>
    private void Check(Action work)
    {
        try
        {
            work();
        }
        catch (EtcdException error)
        {
            ThrowTerminatingError(error.ToErrorRecord());
        }
    }
}
