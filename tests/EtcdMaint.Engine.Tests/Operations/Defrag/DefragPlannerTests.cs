using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>The rows of a plan can be read without another text, and one line sums them up.</summary>
[Collection<SimulatedClusters>]
public sealed class DefragPlannerTests
{
    [Fact]
    public async Task A_plan_has_an_order_and_roles_and_one_line_that_sums_it_up()
    {
        var cluster = new CalmCluster();
        await cluster.DefragmentAsync(r => r with { PlanOnly = true });
        IReadOnlyList<EtcdDefragResult> rows = cluster.Pipeline.Rows;
        Assert.Equal([1, 2, 3], rows.Select(row => row.Order));
        Assert.Equal(
            [EtcdMemberRole.Voter, EtcdMemberRole.Voter, EtcdMemberRole.Leader],
            rows.Select(row => row.Role!.Value)
        );
        Assert.Matches(
            @"What if: 3 members of simulated, about [\d.]+ s of pauses, about 900 MB to reclaim, leadership stays\.",
            cluster.Pipeline.Story
        );
        Assert.DoesNotContain("asked:", cluster.Pipeline.Story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_says_whether_leadership_moves()
    {
        var cluster = new CalmCluster();
        await cluster.DefragmentAsync(r => r with { PlanOnly = true, RequireLeaderMove = true });
        Assert.Contains(
            $", leadership moves away from {cluster.Pipeline.Rows[^1].Member}.",
            cluster.Pipeline.Story,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_plan_without_a_member_to_defragment_has_no_sum()
    {
        var cluster = new CalmCluster();
        await cluster.DefragmentAsync(r => r with { PlanOnly = true, MinimumFreeBytes = long.MaxValue });
        Assert.All(
            cluster.Pipeline.Rows,
            row => Assert.Equal((EtcdDefragStatus.Skipped, null), (row.Status, row.Order))
        );
        Assert.DoesNotContain("What if", cluster.Pipeline.Story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_that_concerns_the_cluster_has_a_short_reason_in_each_row_and_its_text_once()
    {
        var cluster = new CalmCluster();
        cluster[2].Set(NetworkState.Refusing);
        await cluster.DefragmentAsync(r => r with { PlanOnly = true });
        EtcdException error = Assert.Single(cluster.Pipeline.Errors);
        Assert.Equal(3, cluster.Pipeline.Rows.Count);
        Assert.All(
            cluster.Pipeline.Rows,
            row => Assert.Equal(("MemberDown: m2", error.Message), (row.Brief, row.Reason))
        );
    }
}
