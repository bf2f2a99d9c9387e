using EtcdMaint.TestCluster;

namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>
/// Two real clusters that were created from one template: the same names, peer URLs and token, and so the same IDs.
/// </summary>
[Trait("Kind", "Real")]
public sealed class TemplateClusterTests
{
    private const string Both = "Get-EtcdConnection";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A cluster of one member never calls its own peer URL, so two clusters can advertise the same URL on one machine.
    private static ClusterOptions Template =>
        new()
        {
            ExtraArguments =
            [
                "--initial-advertise-peer-urls",
                "http://127.0.0.1:20999",
                "--initial-cluster",
                "m1=http://127.0.0.1:20999",
                "--initial-cluster-token",
                "edge",
            ],
        };

    [Fact]
    public async Task Both_clusters_are_read_and_both_are_changed()
    {
        await using TestEtcdCluster north = await StartAsync(deadBytes: 5_000_000);
        await using TestEtcdCluster south = await StartAsync(deadBytes: 5_000_000);
        using var shell = new Shell();
        Connect(shell, north, "north");
        Connect(shell, south, "south");
        EtcdConnection[] connections = [.. shell.Run(Both).Output.Cast<EtcdConnection>()];
        Assert.Equal(connections[0].ClusterId, connections[1].ClusterId);
        Assert.Equal(north.Members[0].Id, south.Members[0].Id);

        string folder = Directory.CreateTempSubdirectory("etcdmaint-").FullName;
        foreach (
            string read in (string[])
                ["Get-EtcdMember", "Get-EtcdMemberStatus", "Test-EtcdHealth", $"Save-EtcdSnapshot '{folder}'"]
        )
            Assert.Equal(["north", "south"], Names(shell.Run($"{Both} | {read}")));
        Directory.Delete(folder, recursive: true);

        Outcome run = shell.Run($"{Both} | Invoke-EtcdCompaction | Invoke-EtcdDefrag");
        Assert.Equal(["north", "south"], Names(run));
        Assert.All(run.Output.Cast<EtcdDefragResult>(), row => Assert.Equal(EtcdDefragStatus.Defragmented, row.Status));
        Assert.Equal(
            ["north", "south"],
            Names(shell.Run($"{Both} | Invoke-EtcdMaintenance -MinimumFreeBytes 0 -MinimumFragmentationRatio 0"))
        );
        Assert.Equal((2, 2), (EtcdLogs.Defragmentations(north).Count, EtcdLogs.Defragmentations(south).Count));
        shell.Run($"{Both} | Disconnect-EtcdCluster");
    }

    [Fact]
    public async Task Two_copies_with_the_same_data_are_recognized_as_different_clusters()
    {
        await using TestEtcdCluster north = await StartAsync();
        await using TestEtcdCluster south = await StartAsync();
        using var shell = new Shell();
        Connect(shell, north, "north");
        Connect(shell, south, "south");
        Assert.Equal(["north", "south"], Names(shell.Run($"{Both} | Invoke-EtcdDefrag")));
        shell.Run($"{Both} | Disconnect-EtcdCluster");
    }

    [Fact]
    public async Task Two_connections_to_one_busy_cluster_are_recognized_as_the_same_cluster()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3 },
            Cancellation
        );
        using var shell = new Shell();
        shell.Run(
            $"$null = Connect-EtcdCluster '{etcd.ClientUrls[0]}' -NoDiscovery -ClusterName first; $null = "
                + $"Connect-EtcdCluster '{etcd.ClientUrls[1]}' -ClusterName second -NoDefault"
        );
        await using WriteRecorder writes = WriteRecorder.Start(etcd);
        Outcome run = shell.Run($"{Both} | Invoke-EtcdMaintenance -WhatIf");
        Assert.Contains(
            run.Warnings,
            warning => warning.StartsWith("'second' is the same cluster as 'first'", StringComparison.Ordinal)
        );
        ILookup<string, EtcdMaintenanceReport> reports = run
            .Output.Cast<EtcdMaintenanceReport>()
            .ToLookup(report => report.ClusterName);
        Assert.Equal(EtcdMaintenanceStatus.Skipped, Assert.Single(reports["second"]).Status);
        Assert.NotEqual(EtcdMaintenanceStatus.Skipped, Assert.Single(reports["first"]).Status);
        Assert.Equal(
            4,
            shell.Run($"{Both} | Get-EtcdMemberStatus -ErrorAction Ignore | Where-Object IsReachable").Output.Count
        );
        shell.Run($"{Both} | Disconnect-EtcdCluster");
    }

    private static async Task<TestEtcdCluster> StartAsync(long deadBytes = 0)
    {
        TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(Template, Cancellation);
        if (deadBytes > 0)
            await cluster.Loader.LoadAsync(liveBytes: 100_000, deadBytes, cancellation: Cancellation);
        return cluster;
    }

    private static void Connect(Shell shell, TestEtcdCluster cluster, string name) =>
        Assert.Empty(shell.Run($"Connect-EtcdCluster '{cluster.ClientUrls[0]}' -ClusterName {name}").ErrorText);

    private static IEnumerable<string> Names(Outcome outcome)
    {
        Assert.Empty(outcome.ErrorText);
        return outcome
            .Output.Select(row => (string)row.GetType().GetProperty("ClusterName")!.GetValue(row)!)
            .Order(StringComparer.Ordinal);
    }
}
