using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Runbook;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Gates;

/// <summary>
/// Releases that crash on a full disk are not defragmented, and not reported as healthy, if the disk is unknown or
/// full.
/// </summary>
[Trait("Kind", "Fault")]
public sealed class DiskSpaceFaultTests
{
    private static readonly IReadOnlySet<EtcdGate> NoOverride = new HashSet<EtcdGate>();

    public static TheoryData<string> Middle => TestProfile.Middle;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_run_over_plain_endpoints_is_refused_before_anything_is_sent(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                Assert.SkipUnless(
                    scenario.Etcd.Binaries.Version < new Version(3, 5, 17),
                    "This release survives a full disk."
                );
                RunRecorder run = await scenario.RunAsync(r => r with { Override = NoOverride });

                Assert.Equal("DiskSpaceUnknown", Assert.Single(run.Errors).ErrorId);
                scenario.AssertOneRowEach(run);
                Assert.Empty(EtcdLogs.Defragmentations(scenario.Etcd));
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_whole_run_over_plain_endpoints_is_refused_before_anything_is_changed(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                Assert.SkipUnless(
                    scenario.Etcd.Binaries.Version < new Version(3, 5, 17),
                    "This release survives a full disk."
                );
                await scenario.WriteNoMoreAsync();
                long revision = await scenario.Etcd.KeyValues.RevisionAsync(Cancellation);
                RunRecorder recorder = await scenario.Real.MaintainAsync(
                    RunbookScenario.With(d => d with { Override = NoOverride })
                );

                EtcdMaintenanceReport report = recorder.Report();
                Assert.Equal(EtcdMaintenanceStatus.Failed, report.Status);
                Assert.Equal(["Health:Succeeded"], report.Steps());
                EtcdException refused = Assert.Single(recorder.Errors);
                Assert.Equal("DiskSpaceUnknown", refused.ErrorId);
                Assert.Contains("-Override DiskSpaceUnknown", refused.RecommendedAction);
                Assert.Equal(revision, await scenario.Etcd.KeyValues.RevisionAsync(Cancellation));
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public async Task The_health_check_reports_a_full_disk_if_the_access_shows_it(string release)
    {
        Availability tiny = await TinyDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(tiny.IsAvailable, tiny.Reason);
        await using TinyDisk disk = await TinyDisk.MountAsync(80, Cancellation);
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Binaries = await Releases.OrSkipAsync(release),
                DataFolder = _ => Path.Combine(disk.FolderPath, "data"),
                WalFolder = name => $"{name}-wal",
            },
            etcd => new LocalConnectRequest
            {
                EtcdctlPath = etcd.Binaries.Etcdctl,
                Endpoint = [etcd.ClientUrls[0]],
                ClusterName = "test",
                CallTimeout = RealCluster.Timeout,
            }
        );
        await File.WriteAllBytesAsync(
            Path.Combine(disk.FolderPath, "ballast"),
            new byte[disk.FreeBytes - 1_000_000],
            Cancellation
        );

        EtcdHealthReport health = await real.Cluster.CheckHealthAsync(
            RealCluster.Timeout,
            new RunRecorder(),
            Cancellation
        );
        EtcdFinding finding = Assert.Single(health.Finding, f => f.FindingId == "DiskTooFull");
        Assert.Equal((EtcdFindingSeverity.Error, "m1"), (finding.Severity, finding.MemberName));
        Assert.False(health.IsHealthy);
    }

    [Theory]
    [MemberData(nameof(Middle))]
    public Task The_health_check_reports_that_the_disk_is_unknown(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                Assert.SkipUnless(
                    scenario.Etcd.Binaries.Version < new Version(3, 5, 17),
                    "This release survives a full disk."
                );
                EtcdHealthReport health = await scenario.Real.Cluster.CheckHealthAsync(
                    RealCluster.Timeout,
                    new RunRecorder(),
                    Cancellation
                );
                EtcdFinding[] unknown = [.. health.Finding.Where(f => f.FindingId == "DiskSpaceUnknown")];
                Assert.Equal(["m1", "m2", "m3"], unknown.Select(f => f.MemberName).Order());
                Assert.All(unknown, f => Assert.Equal(EtcdFindingSeverity.Warning, f.Severity));
            }
        );
}
