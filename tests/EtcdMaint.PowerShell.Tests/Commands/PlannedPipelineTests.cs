using EtcdMaint.PowerShell.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>A pipeline that contains a plan changes nothing, even if the plan skips every member.</summary>
[Trait("Kind", "Real")]
public sealed class PlannedPipelineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_plan_that_skips_every_member_nothing_is_changed()
    {
        await using ShellOnCluster real = await ShellOnCluster.StartAsync(
            new ClusterOptions { Members = 3, QuotaBytes = 24_000_000 }
        );
        await real.Cluster.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        Assert.Empty(real.Shell.Run("Get-EtcdMember | Invoke-EtcdCompaction | Invoke-EtcdDefrag").ErrorText);
        int defragmented = real.Defragmented().Count;
        string leader = (await real.Cluster.LeaderAsync(Cancellation)).Name;

        AssertPlanned(
            3,
            real.Shell.Run(
                "Get-EtcdMember | Invoke-EtcdCompaction -KeepRevisions 1000000 -WhatIf | Invoke-EtcdDefrag "
                    + "-MinimumFreeBytes 0"
            )
        );
        AssertPlanned(
            3,
            real.Shell.Run(
                "Get-EtcdMember | Invoke-EtcdCompaction -KeepRevisions 1000000 -WhatIf | "
                    + "Get-EtcdMemberStatus | Invoke-EtcdDefrag -MinimumFreeBytes 0"
            )
        );
        AssertPlanned(
            1,
            real.Shell.Run(
                "(Get-EtcdMemberStatus).Where({ $_.IsLeader }) | Move-EtcdLeader -WhatIf | "
                    + "Invoke-EtcdDefrag -MinimumFreeBytes 0"
            )
        );
        AssertPlanned(
            null,
            real.Shell.Run("Get-EtcdMember | Invoke-EtcdDefrag -MinimumFreeBytes 1TB -WhatIf | Clear-EtcdAlarm")
        );
        Assert.Empty(
            real.Shell.Run(
                "(Get-EtcdMemberStatus).Where({ -not $_.IsLeader })[0] | Invoke-EtcdDefrag "
                    + "-MinimumFreeBytes 1TB -WhatIf | Move-EtcdLeader"
            ).Output
        );

        Assert.Equal(defragmented, real.Defragmented().Count);
        Assert.Equal(leader, (await real.Cluster.LeaderAsync(Cancellation)).Name);
        Assert.NotEmpty(real.Shell.Run("Get-EtcdAlarm").Output);
    }

    private static void AssertPlanned(int? count, Outcome outcome)
    {
        Assert.Empty(outcome.ErrorText);
        Assert.NotEmpty(outcome.Output);
        Assert.Equal(count ?? outcome.Output.Count, outcome.Output.Count);
        Assert.All(
            outcome.Output,
            row =>
                Assert.Equal(
                    "Planned",
                    ((row as EtcdDefragResult)?.Status as object ?? ((EtcdAlarm)row).Status).ToString()
                )
        );
    }
}
