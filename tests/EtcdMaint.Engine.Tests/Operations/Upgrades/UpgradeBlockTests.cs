using System.Net.Http.Json;
using EtcdMaint.Engine.Tests.Connecting.Kubernetes;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Operations.Upgrades;

/// <summary>Real clusters that must not be upgraded, and what the check says about them.</summary>
[Trait("Kind", "Fault")]
public sealed class UpgradeBlockTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly ThrowAwayFolder _folder = ThrowAwayFolder.Create("blocked");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    /// <summary>Only gRPC shows a downgrade, and only a process of this machine or of a node its disk.</summary>
    [Theory]
    [InlineData(EtcdAccess.LocalCommand, EtcdUpgradeCheck.Downgrade)]
    [InlineData(EtcdAccess.SshCommand, EtcdUpgradeCheck.Downgrade)]
    [InlineData(EtcdAccess.KubernetesPortForward, EtcdUpgradeCheck.Disk)]
    [InlineData(EtcdAccess.KubernetesExec, EtcdUpgradeCheck.Disk, EtcdUpgradeCheck.Downgrade)]
    public async Task Flags_that_the_next_release_does_not_know_are_found_over_every_access_that_shows_them(
        EtcdAccess access,
        params EtcdUpgradeCheck[] unseen
    )
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions
            {
                Binaries = await Releases.OrSkipAsync("3.5.30"),
                Tls = TlsMode.Mutual,
                ExtraArguments = ["--enable-v2=false", "--experimental-corrupt-check-time=1h"],
            },
            cluster => EtcdPods.Kubeadm(cluster)
        );
        await using SshNodes? nodes = access is EtcdAccess.SshCommand ? await SshNodes.OrSkipAsync(1) : null;
        EtcdConnection connection = await RealCluster.ConnectAsync(
            access switch
            {
                EtcdAccess.LocalCommand => new LocalConnectRequest
                {
                    EtcdctlPath = plane.Etcd.Binaries.Etcdctl,
                    Endpoint = [plane.Etcd.ClientUrls[0]],
                    CallTimeout = RealCluster.Timeout,
                    Tls = RealCluster.RequestFor(plane.Etcd).Tls,
                },
                EtcdAccess.SshCommand => nodes!.Request(plane.Etcd),
                EtcdAccess.KubernetesExec => plane.Request(EtcdPodAccess.Exec),
                _ => plane.Request(EtcdPodAccess.PortForward),
            }
        );
        Assert.Equal(access, connection.Access);
        await using IEtcdCluster cluster = connection.Cluster;
        EtcdUpgradeReport report = await new UpgradeRun(cluster, _folder.FullPath, output).CheckAsync("3.6", []);
        EtcdFinding finding = Assert.Single(report.Finding, f => f.FindingId == "FlagRemoved");
        Assert.Equal(
            $"{plane.Etcd.Members[0].Name} is started with --enable-v2, which etcd 3.6 does not know: it "
                + "would not start.",
            finding.Message
        );
        Assert.Equal("Remove it.", finding.RecommendedAction);
        Assert.False(report.CanUpgrade);
        Assert.Equal([.. unseen, EtcdUpgradeCheck.Snapshot, EtcdUpgradeCheck.V2Store], report.NotChecked);
    }

    [Fact]
    public async Task A_running_downgrade_and_snapshots_that_are_foreign_or_old_block_the_upgrade()
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Binaries = await Releases.OrSkipAsync("3.5.30") }
        );
        await using RealCluster other = await RealCluster.StartAsync(new ClusterOptions());
        var run = new UpgradeRun(real.Cluster, _folder.FullPath, output);
        await real.Etcd.KeyValues.PutAsync("key", "value", cancellation: Cancellation);

        var foreign = new UpgradeRun(other.Cluster, _folder.FullPath, output);
        await foreign.SaveAsync();
        run.SnapshotPath = foreign.SnapshotPath;
        Assert.Equal(["SnapshotForeign"], Errors(await run.CheckAsync("3.6")));

        // Without a write since, an old file is still current. The module's own snapshot writes its lock.
        run.SnapshotPath = _folder.Combine("etcdctl.db");
        (await real.Etcd.EtcdctlAsync("snapshot", "save", run.SnapshotPath)).OutputOrThrow();
        File.SetLastWriteTimeUtc(run.SnapshotPath, DateTime.UtcNow.AddDays(-2));
        Assert.True((await run.CheckAsync("3.6")).CanUpgrade);
        await real.Etcd.KeyValues.PutAsync("key", "later", cancellation: Cancellation);
        Assert.Equal(["SnapshotTooOld"], Errors(await run.CheckAsync("3.6")));
        await run.SaveAsync();

        await DowngradeAsync(real, "ENABLE");
        Assert.Equal(["DowngradeInProgress"], Errors(await run.CheckAsync("3.6")));
        await DowngradeAsync(real, "CANCEL");
        Assert.True((await run.CheckAsync("3.6")).CanUpgrade);
    }

    [Fact]
    public async Task Different_data_and_an_armed_alarm_block_the_upgrade()
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                QuotaBytes = 24_000_000,
                Binaries = await Releases.OrSkipAsync("3.5.30"),
            }
        );
        var run = new UpgradeRun(real.Cluster, _folder.FullPath, output);
        await real.Etcd.KeyValues.PutAsync("key", "value-to-change", cancellation: Cancellation);
        Assert.DoesNotContain("HashMismatch", Errors(await run.CheckAsync("3.6")));

        ClusterMember member = real.Etcd.Members[2];
        await member.StopAsync(Cancellation);
        byte[] bytes = await File.ReadAllBytesAsync(member.DatabaseFile, Cancellation);
        for (int at; (at = bytes.AsSpan().IndexOf("value-to-change"u8)) >= 0; )
            bytes[at] ^= 1;
        await File.WriteAllBytesAsync(member.DatabaseFile, bytes, Cancellation);
        await member.StartAsync(Cancellation);
        Assert.Contains("HashMismatch", Errors(await run.CheckAsync("3.6")));

        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        Assert.Contains("NoSpaceArmed", Errors(await run.CheckAsync("3.6")));
    }

    [Fact]
    public async Task Authentication_blocks_the_upgrade_from_3_4()
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Binaries = await Releases.OrSkipAsync("3.4"), Auth = true }
        );
        var run = new UpgradeRun(real.Cluster, _folder.FullPath, output);

        // The revision of users and roles shows only that they exist.
        Assert.Contains(EtcdUpgradeCheck.Auth, (await run.CheckAsync("3.5")).NotChecked);
        await run.SaveAsync();
        Assert.Equal(["UpgradeAuth"], Errors(await run.CheckAsync("3.5")));
    }

    /// <summary>etcd 3.5 carries the request out at once, and answers after 7 s that it timed out.</summary>
    private static async Task DowngradeAsync(RealCluster real, string action)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        await Assert.ThrowsAsync<TaskCanceledException>(() =>
            http.PostAsJsonAsync(
                $"{real.Etcd.Members[0].ClientUrl}/v3/maintenance/downgrade",
                new { action, version = "3.4.0" },
                Cancellation
            )
        );
    }

    private static IEnumerable<string> Errors(EtcdUpgradeReport report) =>
        report.Finding.Where(f => f.Severity is EtcdFindingSeverity.Error).Select(f => f.FindingId);
}
