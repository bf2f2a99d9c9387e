using EtcdMaint.Engine.Operations.Snapshots;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>A snapshot that a run takes first is usable: a new cluster restored from it has the data.</summary>
[Trait("Kind", "Real")]
public sealed class SnapshotFirstTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-first-").FullName;

    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_new_cluster_restored_from_the_snapshot_has_the_data(string release)
    {
        EtcdBinaries binaries = await Releases.OrSkipAsync(release);
        await using RealCluster real = await RunbookScenario.StartAsync(binaries);
        await real.Etcd.KeyValues.PutAsync("precious", "before the run", cancellation: Cancellation);
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);

        RunRecorder run = await real.MaintainAsync(RunbookScenario.Request with { SnapshotPath = _folder });
        EtcdMaintenanceReport report = run.Report();
        output.WriteLine(report.Describe());
        Assert.Equal(EtcdMaintenanceStatus.Succeeded, report.Status);
        Assert.Equal("Snapshot:Succeeded", report.Steps()[1]);
        Assert.Equal(report.Snapshot!.Path, Assert.Single(Directory.GetFiles(_folder)));
        Assert.True(report.Snapshot.SizeBytes > 20_000_000, "taken before anything was changed");

        await using RestoredMember restored = await RestoredMember.StartAsync(
            binaries,
            report.Snapshot.Path,
            Cancellation
        );
        Assert.Equal("before the run", await restored.GetAsync("precious", Cancellation));
    }

    [Fact]
    public async Task Without_its_snapshot_the_run_changes_nothing()
    {
        await using RealCluster real = await RunbookScenario.StartAsync();
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        RunRecorder run = await real.MaintainAsync(
            RunbookScenario.Request with
            {
                SnapshotPath = Path.Combine(_folder, "no", "such", "folder.db"),
            }
        );
        output.WriteLine(run.Report().Describe());
        Assert.Equal(EtcdMaintenanceStatus.Failed, run.Report().Status);
        Assert.Equal("SnapshotFolderNotFound", Assert.Single(run.Errors).ErrorId);
        Assert.Equal(["Health:Succeeded", "Snapshot:Failed", "Verification:Failed"], run.Report().Steps());
        Assert.Empty(EtcdLogs.Defragmentations(real.Etcd));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
