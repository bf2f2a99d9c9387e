using EtcdMaint.Engine.Tests.Fixtures;

namespace EtcdMaint.Engine.Tests.Operations.Upgrades;

/// <summary>Checks of an upgrade of a real cluster, with the snapshots that they need.</summary>
internal sealed class UpgradeRun(IEtcdCluster cluster, string folder, ITestOutputHelper output)
{
    /// <summary>What plain endpoints do not show.</summary>
    private static readonly EtcdUpgradeCheck[] Unseen = [EtcdUpgradeCheck.Disk, EtcdUpgradeCheck.Flag];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The snapshot that the checks use, or null.</summary>
    public string? SnapshotPath { get; set; }

    /// <summary>Checks as a user does who has looked at the flags, the disks and the v2 store.</summary>
    public Task<EtcdUpgradeReport> CheckAsync(string to) => CheckAsync(to, [.. Unseen, EtcdUpgradeCheck.V2Store]);

    public async Task<EtcdUpgradeReport> CheckAsync(string to, params EtcdUpgradeCheck[] done)
    {
        var request = new UpgradeCheckRequest
        {
            To = UpgradeTarget.Parse(to),
            SnapshotPath = SnapshotPath,
            Checked = done.ToHashSet(),
            CallTimeout = RealCluster.Timeout,
        };
        EtcdUpgradeReport report = await cluster.CheckUpgradeAsync(request, new RunRecorder(), Cancellation);
        output.WriteLine(
            $"{report.From} to {report.To}: {report.CanUpgrade?.ToString() ?? "unknown"} [{report.Order}]"
        );
        foreach (EtcdFinding finding in report.Finding)
            output.WriteLine($"  {finding.Severity} {finding} {finding.RecommendedAction}");
        return report;
    }

    public async Task SaveAsync()
    {
        var request = new SnapshotRequest
        {
            Path = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("n"))).FullName,
            Prove = true,
            CallTimeout = RealCluster.Timeout,
        };
        EtcdSnapshot saved = (await cluster.SaveSnapshotAsync(request, new RunRecorder(), Cancellation))!;
        SnapshotPath = saved.Path;
    }
}
