using EtcdMaint.PowerShell.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>The parts of a health check and a run name the cluster and the member that they are about.</summary>
[Trait("Kind", "Real")]
public sealed class OriginTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Findings_hashes_and_steps_name_their_cluster()
    {
        await using ShellOnCluster real = await ShellOnCluster.StartAsync(
            new ClusterOptions { Members = 2, QuotaBytes = 24_000_000 }
        );
        await real.Cluster.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        Assert.Empty(real.Shell.Run("$members = Get-EtcdMember | Invoke-EtcdCompaction").ErrorText);
        string[] ids = [.. real.Shell.Run("$members").Output.Cast<EtcdCompactionResult>().Select(row => row.MemberId)];

        var health = Assert.IsType<EtcdHealthReport>(Assert.Single(real.Shell.Run("Test-EtcdHealth").Output));
        var plan = Assert.IsType<EtcdMaintenanceReport>(
            Assert.Single(real.Shell.Run("Invoke-EtcdMaintenance -WhatIf").Output)
        );

        (string, string) origin = ("real", health.ClusterId);
        Assert.NotEqual("", health.ClusterId);
        Assert.All(health.Finding, finding => Assert.Equal(origin, (finding.ClusterName, finding.ClusterId)));
        Assert.Contains(health.Finding, finding => finding.MemberId is null);
        Assert.Contains(health.Finding, finding => ids.Contains(finding.MemberId));
        Assert.Equal(2, health.Hash.Length);
        Assert.All(health.Hash, hash => Assert.Equal(origin, (hash.ClusterName, hash.ClusterId)));
        Assert.NotEmpty(plan.Step);
        Assert.All(plan.Step, step => Assert.Equal(origin, (step.ClusterName, step.ClusterId)));
    }
}
