using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>What a plan shows before the figures are known, and the errors and warnings of a whole cluster.</summary>
[Collection<SimulatedClusters>]
public sealed class DefragPlanTests
{
    private const string Line = "Get-EtcdMember | Invoke-EtcdCompaction | Invoke-EtcdDefrag | Clear-EtcdAlarm";

    private readonly CalmCluster _cluster = new();

    [Fact]
    public async Task A_plan_before_a_compaction_shows_the_range_of_what_it_reclaims()
    {
        await PlanAsync(UpstreamState.Planned);
        Assert.All(
            _cluster.Pipeline.Rows,
            row =>
                Assert.Equal(
                    (EtcdDefragStatus.Planned, null, 300_000_000, 500_000_000),
                    (row.Status, row.BytesReclaimed, row.BytesReclaimedMinimum, row.BytesReclaimedMaximum)
                )
        );
        Assert.All(
            _cluster.Pipeline.Rows,
            row => Assert.Equal("reclaims 300 MB to 500 MB, known after the compaction", row.Reason)
        );
    }

    [Fact]
    public async Task A_plan_with_known_sizes_has_no_range()
    {
        await PlanAsync(UpstreamState.Done);
        Assert.All(
            _cluster.Pipeline.Rows,
            row =>
                Assert.Equal(
                    (300_000_000L, null, null, null),
                    (row.BytesReclaimed, row.BytesReclaimedMinimum, row.BytesReclaimedMaximum, row.Reason)
                )
        );
    }

    [Fact]
    public async Task Whether_leadership_is_moved_is_shown_as_depending_on_the_compaction()
    {
        foreach (int i in new[] { 0, 1, 2 })
            (_cluster[i].DbSize, _cluster[i].InUse) = (1_000_000_000, 600_000_000);
        await PlanAsync(UpstreamState.Planned);
        const string condition = "leadership is moved first if the predicted pause is then still 5 s or more";
        EtcdDefragResult leader = Assert.Single(_cluster.Pipeline.Rows, row => row.WasLeader is true);
        Assert.EndsWith(condition, leader.Reason, StringComparison.Ordinal);
        Assert.Contains($"; {condition}", _cluster.Pipeline.Story, StringComparison.Ordinal);
        Assert.Single(_cluster.Pipeline.Rows, row => row.Reason!.Contains("leadership", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whether_a_member_is_worth_it_is_shown_as_depending_on_the_compaction()
    {
        await PlanAsync(UpstreamState.Planned, r => r with { MinimumFragmentationRatio = 0.7 });
        Assert.All(
            _cluster.Pipeline.Rows,
            row =>
                Assert.EndsWith(
                    "depends on the sizes then (now: fragmentation 60 %, limit 70 %: no (-MinimumFragmentationRatio))",
                    row.Reason,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task While_NOSPACE_is_armed_few_free_pages_are_shown_as_a_range_too()
    {
        FillUp();
        await PlanAsync(UpstreamState.Done);
        Assert.All(
            _cluster.Pipeline.Rows,
            row => Assert.StartsWith("reclaims 1.0 MB to 500 MB: members report", row.Reason, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_on_a_full_cluster_that_was_not_compacted_warns_with_the_line_to_type(bool isPlan)
    {
        FillUp();
        await _cluster.DefragmentAsync(r => r with { PlanOnly = isPlan });
        Assert.Equal(
            "DataInUse: simulated refuses writes (NOSPACE), and its history was not compacted. The data is "
                + "still in use: "
                + $"only 3.0 MB of 1.5 GB are free on m0, m1, m2. This line removes the history first: {Line}",
            Assert.Single(_cluster.Pipeline.Warnings)
        );
    }

    [Fact]
    public async Task After_a_compaction_there_is_no_such_warning()
    {
        FillUp();
        _cluster.Etcd.Compacted = _cluster.Etcd.Revision;
        await _cluster.DefragmentAsync(r => r with { PlanOnly = true });
        Assert.Empty(_cluster.Pipeline.Warnings);
    }

    [Fact]
    public async Task With_many_free_pages_there_is_no_such_warning()
    {
        _cluster.Etcd.Arm(_cluster[1], EtcdAlarmType.NoSpace);
        await _cluster.DefragmentAsync(r => r with { PlanOnly = true });
        Assert.Empty(_cluster.Pipeline.Warnings);
    }

    [Fact]
    public async Task A_gate_that_is_closed_for_every_member_is_one_error_after_all_rows()
    {
        foreach (int i in new[] { 0, 1, 2 })
            _cluster[i].FreeDisk = 1_000;
        await PlanAsync(UpstreamState.Done);
        EtcdException error = Assert.Single(_cluster.Pipeline.Errors);
        Assert.Equal("DiskTooFull", error.ErrorId);
        Assert.Contains("The same applies to ", error.Message, StringComparison.Ordinal);
        Assert.Same(error, _cluster.Pipeline.Out[^1]);
        Assert.All(_cluster.Pipeline.Rows, row => Assert.Equal(EtcdDefragStatus.Failed, row.Status));
    }

    private Task PlanAsync(UpstreamState upstream, Func<DefragRequest, DefragRequest>? with = null) =>
        _cluster.DefragmentAsync(r =>
        {
            DefragRequest plan = r with
            {
                PlanOnly = true,
                Targets = [.. _cluster.Targets.Select(t => t with { Upstream = upstream })],
            };
            return with?.Invoke(plan) ?? plan;
        });

    private void FillUp()
    {
        _cluster.Etcd.Arm(_cluster[1], EtcdAlarmType.NoSpace);
        foreach (int i in new[] { 0, 1, 2 })
            _cluster[i].InUse = _cluster[i].DbSize - 1_000_000;
    }
}
