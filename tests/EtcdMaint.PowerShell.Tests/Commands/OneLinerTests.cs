using EtcdMaint.PowerShell.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>The one-liners that must be simple and readable, on real etcd.</summary>
[Trait("Kind", "Real")]
public sealed class OneLinerTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_runbook_in_one_line_makes_a_full_cluster_writable()
    {
        await using ShellOnCluster real = await ShellOnCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                QuotaBytes = 24_000_000,
            }
        );
        await real.Cluster.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        string leader = (await real.Cluster.LeaderAsync(Cancellation)).Name;

        Outcome run = real.Shell.Run(
            "Get-EtcdMember | Invoke-EtcdCompaction | Invoke-EtcdDefrag -OutVariable defrag -Verbose | Clear-EtcdAlarm"
        );
        output.WriteLine(string.Join('\n', run.Verbose));
        Assert.Empty(run.ErrorText);
        Assert.NotEmpty(run.Output);
        Assert.All(run.Output.Cast<EtcdAlarm>(), alarm => Assert.Equal(EtcdAlarmStatus.Cleared, alarm.Status));
        Assert.All(
            real.Shell.Run("$defrag").Output.Cast<EtcdDefragResult>(),
            row => Assert.Equal(EtcdDefragStatus.Defragmented, row.Status)
        );
        Assert.Equal(leader, real.Defragmented()[^1]);
        await real.Cluster.KeyValues.PutAsync("after", "written", cancellation: Cancellation);
    }

    [Fact]
    public async Task Status_can_be_piped_to_a_plan_that_changes_nothing()
    {
        await using ShellOnCluster real = await ShellOnCluster.StartAsync(new ClusterOptions { Members = 3 });
        await real.AgeAsync();
        Assert.Equal(3, real.Shell.Run("Get-EtcdMember | Get-EtcdMemberStatus").Output.Count);
        Assert.Empty(real.Shell.Run("Get-EtcdMember | Invoke-EtcdCompaction").ErrorText);
        long revision = await real.Cluster.KeyValues.RevisionAsync(Cancellation);

        Outcome plan = real.Shell.Run(
            "Get-EtcdMemberStatus | Where-Object FragmentationRatio -gt 0.45 | Invoke-EtcdDefrag -WhatIf"
        );
        Assert.Empty(plan.ErrorText);
        Assert.Equal(3, plan.Output.Count);
        Assert.All(
            plan.Output.Cast<EtcdDefragResult>(),
            row =>
                Assert.True(row is { Status: EtcdDefragStatus.Planned, BytesReclaimed: > 10_000_000 }, row.ToString())
        );
        Outcome whole = real.Shell.Run(
            "Get-EtcdMember | Invoke-EtcdCompaction -WhatIf | Invoke-EtcdDefrag | Clear-EtcdAlarm"
        );
        Assert.Empty(whole.ErrorText);
        Outcome maintenance = real.Shell.Run("Invoke-EtcdMaintenance -MinimumFreeBytes 1MB -WhatIf");
        Assert.Equal(
            EtcdMaintenanceStatus.Planned,
            Assert.IsType<EtcdMaintenanceReport>(Assert.Single(maintenance.Output)).Status
        );

        Assert.Empty(real.Defragmented());
        Assert.Equal(revision, await real.Cluster.KeyValues.RevisionAsync(Cancellation));
    }

    [Fact]
    public async Task Members_of_two_clusters_in_one_pipeline_are_grouped()
    {
        await using ShellOnCluster one = await ShellOnCluster.StartAsync(new ClusterOptions { Members = 3 }, "one");
        await using TestEtcdCluster other = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 1 },
            Cancellation
        );
        await one.AgeAsync();
        await other.Loader.LoadAsync(1_000_000, 20_000_000, cancellation: Cancellation);
        one.Shell.Run(ShellOnCluster.ConnectScript(other, "other") + " -NoDefault");

        Outcome run = one.Shell.Run("Get-EtcdConnection | Get-EtcdMember | Invoke-EtcdCompaction | Invoke-EtcdDefrag");
        Assert.Empty(run.ErrorText);
        ILookup<string, EtcdDefragResult> rows = run.Output.Cast<EtcdDefragResult>().ToLookup(row => row.ClusterName);
        Assert.Equal((3, 1), (rows["one"].Count(), rows["other"].Count()));
        Assert.Contains(run.Warnings, warning => warning.Contains("one voting member", StringComparison.Ordinal));
        Assert.Empty(EtcdLogs.Overlaps(EtcdLogs.Defragmentations(one.Cluster)));
    }

    [Fact]
    public async Task A_stop_waits_for_the_current_member_and_starts_no_other()
    {
        Availability slow = await SlowDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(slow.IsAvailable, slow.Reason);
        await using ShellOnCluster real = await ShellOnCluster.StartAsync(new ClusterOptions { Members = 3 });
        await real.Cluster.Loader.LoadAsync(liveBytes: 20_000_000, deadBytes: 20_000_000, cancellation: Cancellation);
        Assert.Empty(real.Shell.Run("Get-EtcdMember | Invoke-EtcdCompaction").ErrorText);
        await using SlowDisk first = await SlowDisk.AttachAsync(
            real.Cluster.Members[0],
            TimeSpan.FromMilliseconds(5),
            Cancellation
        );
        await using SlowDisk second = await SlowDisk.AttachAsync(
            real.Cluster.Members[1],
            TimeSpan.FromMilliseconds(5),
            Cancellation
        );
        await using SlowDisk third = await SlowDisk.AttachAsync(
            real.Cluster.Members[2],
            TimeSpan.FromMilliseconds(5),
            Cancellation
        );

        Outcome stopped = await real.Shell.RunAndStopAsync(
            "Get-EtcdMember | Invoke-EtcdDefrag",
            UntilOneWorksAsync(real)
        );
        Defragmentation only = Assert.Single(EtcdLogs.Defragmentations(real.Cluster));
        Assert.Equal(DefragmentationEnd.Finished, only.End);
        Assert.Contains("run was ended on request", stopped.Screen, StringComparison.Ordinal);
        var run = Assert.IsType<EtcdDefragRun>(Assert.Single(real.Shell.Run("(Get-EtcdConnection).LastRun").Output));
        Assert.Equal(1, run.Result.Count(row => row.Status is EtcdDefragStatus.Defragmented));
        Assert.Equal(2, run.Result.Count(row => row.Status is EtcdDefragStatus.NotAttempted));
    }

    private static async Task UntilOneWorksAsync(ShellOnCluster real)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (EtcdLogs.Defragmentations(real.Cluster).Count == 0)
            await Task.Delay(50, deadline.Token);
    }
}
