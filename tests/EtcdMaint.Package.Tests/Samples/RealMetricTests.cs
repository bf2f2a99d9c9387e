using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>
/// The metrics of a run on a real cluster in a real pwsh: promtool accepts them, and a real Pushgateway has them
/// afterwards.
/// </summary>
public sealed class RealMetricTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_metrics_of_a_run_are_written_checked_and_pushed()
    {
        await using Pushgateway gateway = await StartGatewayAsync();
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3, QuotaBytes = 512_000_000 },
            Cancellation
        );
        await cluster.Loader.LoadAsync(2_000_000, 20_000_000, cancellation: Cancellation);
        long revision = await cluster.KeyValues.RevisionAsync(Cancellation);
        (await cluster.EtcdctlAsync("compact", $"{revision}", "--physical")).OutputOrThrow();
        string file = Path.Combine(_folder.Path, "etcd.prom");
        ShellResult shell = await Pwsh.RunAsync(
            $$"""
            $ErrorActionPreference = 'Stop'
            Import-Module '{{Repository.Manifest}}'
            Connect-EtcdCluster '{{string.Join("','", cluster.ClientUrls)}}' -ClusterName 'eu/prod' > $null
            $run = Invoke-EtcdMaintenance -MinimumFreeBytes 1MB -Override DiskSpaceUnknown -SnapshotPath '{{_folder.Path}}'
            $rows = @($run) + @(Test-EtcdHealth)
            ($rows | Export-EtcdMetric '{{file}}').FullName
            $rows | Export-EtcdMetric -PushgatewayUri {{gateway.Address}}
            $run | Export-EtcdMetric -PushgatewayUri {{gateway.Address}} -Job runs
            """
        );
        TestContext.Current.TestOutputHelper?.WriteLine(shell.Output);
        shell.MustHaveSucceeded();
        Assert.Equal(file, shell.Output.Trim().Split('\n')[^1]);
        string written = await File.ReadAllTextAsync(file, Cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine(written);
        Assert.Contains(
            "etcdmaint_run_status{cluster=\"eu/prod\",status=\"Succeeded\"} 1\n",
            written,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "etcdmaint_run_defragmented_members{cluster=\"eu/prod\"} 3\n",
            written,
            StringComparison.Ordinal
        );
        Assert.Contains("etcdmaint_run_snapshot_proven{cluster=\"eu/prod\"} 1\n", written, StringComparison.Ordinal);
        Assert.Contains(
            "etcdmaint_member_quota_bytes{cluster=\"eu/prod\",member=\"m1\"} 512000000\n",
            written,
            StringComparison.Ordinal
        );

        string pushed = await gateway.ReadAsync(Cancellation);
        Assert.Contains(
            "etcdmaint_run_defragmented_members{cluster=\"eu/prod\",instance=\"\",job=\"etcdmaint\"} 3\n",
            pushed,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "etcdmaint_run_defragmented_members{cluster=\"eu/prod\",instance=\"\",job=\"runs\"} 3\n",
            pushed,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "etcdmaint_member_reachable{cluster=\"eu/prod\",instance=\"\",job=\"etcdmaint\",member=\"m3\"} 1\n",
            pushed,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "etcdmaint_member_reachable{cluster=\"eu/prod\",instance=\"\",job=\"runs\"",
            pushed,
            StringComparison.Ordinal
        );

        await Promtool.RunAsync("check metrics", file);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<Pushgateway> StartGatewayAsync()
    {
        try
        {
            return await Pushgateway.StartAsync(Cancellation);
        }
        catch (InvalidOperationException missing)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }
}
