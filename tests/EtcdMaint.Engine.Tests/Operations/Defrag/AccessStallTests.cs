using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>
/// A stall of the access, for example of the API server, is not taken for slowness of a member: neither by the
/// predictions nor by the figures about the other members.
/// </summary>
[Collection<SimulatedClusters>]
public sealed class AccessStallTests
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_stall_of_the_access_changes_no_prediction_and_moves_no_leadership()
    {
        CalmCluster cluster = await DefragmentAsync(hasMetrics: true);
        IReadOnlyList<EtcdDefragResult> rows = cluster.Pipeline.Rows;
        Assert.True(rows[0].Duration >= Stall, cluster.Pipeline.Story);
        Assert.All(
            rows,
            row =>
                Assert.Equal(
                    rows[0].PredictedDuration!.Value.TotalSeconds,
                    row.PredictedDuration!.Value.TotalSeconds,
                    3
                )
        );
        Assert.Empty(cluster.Etcd.Log.MembersOf("MoveLeader"));
        Assert.Matches(@"took 2\.\d s on the member, and the answer arrived after 20\.\d s\.", cluster.Pipeline.Story);
    }

    [Fact]
    public async Task A_stall_of_the_access_is_not_a_stall_of_the_other_members()
    {
        CalmCluster cluster = await DefragmentAsync(hasMetrics: true);
        EtcdDefragResult first = cluster.Pipeline.Rows[0];
        Assert.True(
            first.WorstStall <= TimeSpan.FromMilliseconds(110),
            $"{first.WorstStall}: {cluster.Pipeline.Story}"
        );
        Assert.True(
            first.TotalStall <= TimeSpan.FromMilliseconds(300),
            $"{first.TotalStall}: {cluster.Pipeline.Story}"
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stall_of_the_access_is_not_a_defragmentation_by_another_tool(bool hasMetrics)
    {
        CalmCluster cluster = await DefragmentAsync(hasMetrics);
        Assert.DoesNotContain(cluster.Pipeline.Warnings, w => w.StartsWith("DefragOverlap", StringComparison.Ordinal));
        Assert.All(cluster.Pipeline.Rows, row => Assert.Null(row.Reason));
    }

    [Fact]
    public async Task Without_metrics_the_duration_of_the_call_is_learned()
    {
        CalmCluster cluster = await DefragmentAsync(hasMetrics: false);
        Assert.InRange(
            cluster.Pipeline.Rows[1].PredictedDuration!.Value,
            Stall - TimeSpan.FromSeconds(0.1),
            Stall + TimeSpan.FromSeconds(0.1)
        );
        Assert.Equal([cluster[0].Name], cluster.Etcd.Log.MembersOf("MoveLeader"));
    }

    [Fact]
    public async Task A_stall_of_the_cluster_counts_in_full()
    {
        var cluster = new CalmCluster();
        TimeSpan stalled = TimeSpan.Zero;
        cluster.Etcd.DefragmentSent = _ =>
        {
            cluster.Etcd.DefragmentSent = _ => { };
            cluster.Time.After(TimeSpan.FromSeconds(0.3), cluster[0].Suspend);
            cluster.Time.After(TimeSpan.FromSeconds(0.3), () => stalled = cluster.Time.Now);
            cluster.Time.After(TimeSpan.FromSeconds(1.8), cluster[0].Resume);
        };
        await cluster.DefragmentAsync();

        // The first read that waits for the new leader begins at most one interval after the old one was suspended.
        EtcdDefragResult first = cluster.Pipeline.Rows[0];
        TimeSpan election = cluster.Etcd.LeaderSince - stalled;
        Assert.True(election > TimeSpan.FromSeconds(1), $"{election}: {cluster.Pipeline.Story}");
        Assert.InRange(
            first.WorstStall!.Value,
            election - TimeSpan.FromSeconds(0.21),
            election + TimeSpan.FromSeconds(0.01)
        );
        Assert.Equal(first.WorstStall, first.TotalStall);
    }

    [Fact]
    public async Task Quick_reads_cause_no_other_calls()
    {
        var cluster = new CalmCluster();
        await cluster.DefragmentAsync();
        LoggedCall sent = cluster.Etcd.Log.Calls.First(c => c.Call == "Defragment");
        TimeSpan end = sent.At + cluster.Pipeline.Rows[0].Duration!.Value;
        string[] meanwhile =
        [
            .. cluster.Etcd.Log.Calls.Where(c => c.At > sent.At && c.At < end).Select(c => c.Call).Distinct().Order(),
        ];
        Assert.Equal(["Metrics", "Read"], meanwhile);
    }

    /// <summary>Defragments three members; during the first defragmentation, the access stalls for 20 s.</summary>
    private static async Task<CalmCluster> DefragmentAsync(bool hasMetrics)
    {
        var cluster = new CalmCluster();
        cluster.Etcd.Members.ForEach(m => m.HasMetrics = hasMetrics);
        var access = new StallableAccess(cluster.Time);
        cluster.Etcd.Access = access;
        cluster.Etcd.DefragmentSent = _ =>
        {
            cluster.Etcd.DefragmentSent = _ => { };
            cluster.Time.After(TimeSpan.FromMilliseconds(10), () => access.StallFor(Stall));
        };
        await cluster.DefragmentAsync();
        Assert.Empty(cluster.Pipeline.Errors);
        return cluster;
    }
}
