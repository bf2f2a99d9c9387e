using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>Executes the whole runbook as the cmdlet does, and returns what it reports.</summary>
internal static class RunbookScenario
{
    public static MaintenanceRequest Request { get; } =
        new()
        {
            CallTimeout = RealCluster.Timeout,
            Defrag = new DefragRequest
            {
                Targets = [],
                MinimumFragmentationRatio = 0.45,
                MinimumFreeBytes = 5_000_000,
                CallTimeout = RealCluster.Timeout,
                StopTimeout = TimeSpan.FromMinutes(5),
                Override = RealCluster.UnseenDisk,
            },
        };

    public static Task<RealCluster> StartAsync(
        EtcdBinaries? binaries = null,
        long? quota = 24_000_000,
        int members = 3
    ) =>
        RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = members,
                Tls = TlsMode.Mutual,
                QuotaBytes = quota,
                Binaries = binaries,
            }
        );

    public static async Task<RunRecorder> MaintainAsync(
        this RealCluster real,
        MaintenanceRequest? request = null,
        RunRecorder? recorder = null,
        CancellationToken? stop = null
    )
    {
        recorder ??= new RunRecorder();
        await real.Cluster.MaintainAsync(request ?? Request, recorder, stop ?? TestContext.Current.CancellationToken);
        return recorder;
    }

    public static MaintenanceRequest With(Func<DefragRequest, DefragRequest> change) =>
        Request with
        {
            Defrag = change(Request.Defrag),
        };

    public static EtcdMaintenanceReport Report(this RunRecorder recorder) =>
        Assert.Single(recorder.Rows<EtcdMaintenanceReport>());

    /// <summary>Step and status in one string, such as <c>Health:Succeeded</c>.</summary>
    public static string[] Steps(this EtcdMaintenanceReport report) =>
        [.. report.Step.Select(step => $"{step.Name}:{step.Status}")];

    public static string Describe(this EtcdMaintenanceReport report) =>
        string.Join(
            Environment.NewLine,
            [
                report.ToString(),
                .. report.Step.Select(s => $"  {s} {s.Duration.TotalSeconds:0.00} s: {s.Reason}"),
                .. report.Error,
                .. report.Event.Select(e => $"  > {e}"),
            ]
        );
}
