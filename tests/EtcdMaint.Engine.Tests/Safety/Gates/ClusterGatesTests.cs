using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using static EtcdMaint.Engine.Tests.Safety.Gates.GateStates;

namespace EtcdMaint.Engine.Tests.Safety.Gates;

/// <summary>Each gate is closed by its own cause with its own ID, and open otherwise.</summary>
public sealed class ClusterGatesTests
{
    private static readonly HashSet<EtcdGate> None = [];

    private static readonly HashSet<EtcdGate> All = [.. Enum.GetValues<EtcdGate>()];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_healthy_cluster_passes_all_gates(int voters)
    {
        Assert.Null(ClusterGates.FindClosed(Sound(voters), null, None));
        Assert.Null(ClusterGates.FindClosed(Sound(voters), Id(0), None));
    }

    [Fact]
    public void A_running_defragmentation_closes_a_gate_before_anything_else_is_known()
    {
        ResolvedMember busy = Up(1).Member;
        AssertHolds(
            GateId.DefragInFlight,
            new ClusterState(new ClusterMembership(0xc1, [busy], true), [], null, [busy])
        );
    }

    [Fact]
    public void Disagreement_about_the_member_list_closes_a_gate()
    {
        ClusterState state = Sound();
        AssertHolds(
            GateId.MembershipDisagreement,
            state with
            {
                ClusterMembership = state.ClusterMembership with { IsListAgreed = false },
            }
        );
    }

    [Fact]
    public void A_member_list_without_the_leader_closes_a_gate_even_if_no_other_list_contradicts_it()
    {
        ClusterState state = Sound();
        AssertHolds(
            GateId.MembershipDisagreement,
            state with
            {
                Readings = [.. state.Readings.Where(r => r.Id != state.Leader)],
            }
        );
    }

    [Fact]
    public void A_CORRUPT_alarm_reported_by_any_member_closes_a_gate() =>
        AssertHolds(
            GateId.CorruptArmed,
            Of(Up(0), Up(1, s => s with { Errors = ["memberID:18 alarm:CORRUPT "] }), Up(2))
        );

    [Fact]
    public void A_full_database_closes_no_gate() =>
        Assert.Null(
            ClusterGates.FindClosed(
                Of(Up(0, s => s with { Errors = ["memberID:16 alarm:NOSPACE "] }), Up(1), Up(2)),
                Id(1),
                None
            )
        );

    [Fact]
    public void A_failed_linearizable_read_closes_a_gate() =>
        AssertHolds(GateId.NoQuorum, Sound() with { QuorumFailure = Unreachable });

    [Fact]
    public void A_voter_that_is_down_closes_a_gate_unless_overridden()
    {
        ClusterState state = Of(Up(0), Up(1), Up(2), Up(3), Down(4));
        AssertYields(GateId.MemberDown, EtcdGate.MemberDown, state);
    }

    [Theory]
    [InlineData(3, 2, null, false)]
    [InlineData(3, 2, 1, false)]
    [InlineData(3, 2, 2, false)]
    [InlineData(5, 4, 1, true)]
    [InlineData(5, 4, 4, true)]
    public void The_override_is_recommended_only_if_the_quorum_is_not_at_risk(
        int voters,
        int down,
        int? next,
        bool isTold
    )
    {
        ClusterState state = Of([.. Enumerable.Range(0, voters).Select(i => i == down ? Down(i) : Up(i))]);
        GateRefusal closed = Assert.IsType<GateRefusal>(
            ClusterGates.FindClosed(state, next is { } index ? Id(index) : null, None)
        );
        Assert.Equal(GateId.MemberDown, closed.Gate);
        Assert.Equal(
            isTold,
            closed.ToException().RecommendedAction!.Contains("-Override MemberDown", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_voter_that_reports_only_its_ID_may_be_defragmenting_and_cannot_be_overridden() =>
        AssertHolds(GateId.MemberSilent, Of(Up(0), Up(1), Up(2), Up(3), Silent(4)));

    [Fact]
    public void A_silent_place_where_etcd_runs_may_be_a_missing_voter_and_cannot_be_overridden()
    {
        ClusterState down = Of(Up(0), Up(1), Up(2), Up(3), Down(4));
        AssertHolds(
            GateId.MemberSilent,
            down with
            {
                ClusterMembership = down.ClusterMembership with { Unresponsive = [new MemberAddress("node")] },
            }
        );
        ClusterState up = Sound();
        Assert.Null(
            ClusterGates.FindClosed(
                up with
                {
                    ClusterMembership = up.ClusterMembership with { Unresponsive = [new MemberAddress("node")] },
                },
                Id(1),
                None
            )
        );
    }

    [Fact]
    public void A_learner_that_is_down_closes_no_gate() =>
        Assert.Null(ClusterGates.FindClosed(Of(Up(0), Up(1), Up(2), Down(3, isLearner: true)), Id(1), None));

    [Fact]
    public void No_leader_and_two_leaders_close_different_gates()
    {
        AssertHolds(GateId.NoLeader, Of([.. Enumerable.Range(0, 3).Select(i => Up(i, s => s with { Leader = 0 }))]));
        AssertHolds(GateId.LeaderDisagreement, Of(Up(0), Up(1), Up(2, s => s with { Leader = Id(2) })));
        AssertHolds(GateId.LeaderDisagreement, Of(Up(0), Up(1), Up(2, s => s with { Leader = 0 })));
    }

    [Fact]
    public void A_running_downgrade_closes_a_gate_unless_overridden() =>
        AssertYields(
            GateId.DowngradeRunning,
            EtcdGate.DowngradeRunning,
            Of(Up(0, s => s with { DowngradeTarget = "3.5" }), Up(1), Up(2))
        );

    [Fact]
    public void A_version_with_a_serious_bug_closes_a_gate_unless_overridden() =>
        AssertYields(
            GateId.VersionHazard,
            EtcdGate.VersionHazard,
            Of(Up(0), Up(1, s => s with { Version = "3.5.3" }), Up(2))
        );

    [Fact]
    public void A_snapshot_that_a_member_sends_closes_the_gate_for_that_member_only()
    {
        foreach (
            MemberMetrics metrics in new[]
            {
                new MemberMetrics { SnapshotStreams = 1 },
                new MemberMetrics { SnapshotSends = 1 },
            }
        )
        {
            ClusterState state = Sound() with { Metrics = new Dictionary<ulong, MemberMetrics> { [Id(1)] = metrics } };
            GateRefusal? closed = ClusterGates.FindClosed(state, Id(1), None);
            Assert.Equal(GateId.SnapshotRunning, closed?.Gate);
            Assert.Equal(GateWait.UntilWorkEnds, closed!.Wait);
            Assert.Null(ClusterGates.FindClosed(state, Id(1), new HashSet<EtcdGate> { EtcdGate.SnapshotRunning }));
            Assert.Null(ClusterGates.FindClosed(state, Id(2), None));
            Assert.Null(ClusterGates.FindClosed(state, null, None));
        }
    }

    [Theory]
    [InlineData(10_000, 9_800, false)]
    [InlineData(10_000, 9_799, true)]
    [InlineData(8_000, 8_000, false)]
    [InlineData(7_999, 7_999, true)]
    public void A_voter_far_behind_in_applying_or_receiving_closes_a_gate(ulong index, ulong applied, bool isClosed)
    {
        ClusterState state = Of(Up(0), Up(1, s => s with { RaftIndex = index, RaftAppliedIndex = applied }), Up(2));
        if (isClosed)
            AssertHolds(GateId.MemberBehind, state);
        else
            Assert.Null(ClusterGates.FindClosed(state, Id(1), None));
    }

    [Theory]
    [InlineData(3, 1, 0, true)]
    [InlineData(3, 1, 2, false)]
    [InlineData(4, 1, 0, true)]
    [InlineData(5, 1, 0, false)]
    [InlineData(5, 2, 0, true)]
    [InlineData(5, 2, 4, false)]
    [InlineData(7, 2, 0, false)]
    public void The_voters_that_remain_during_a_pause_must_be_a_quorum(int voters, int down, int next, bool isClosed)
    {
        ClusterState state = Of([.. Enumerable.Range(0, voters).Select(i => i < voters - down ? Up(i) : Down(i))]);
        Assert.Equal(isClosed ? GateId.QuorumAtRisk : null, ClusterGates.FindClosed(state, Id(next), All)?.Gate);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Clusters_of_one_or_two_voters_pass_although_they_never_keep_a_quorum(int voters) =>
        Assert.Null(ClusterGates.FindClosed(Sound(voters), Id(0), None));

    [Fact]
    public void A_refusal_names_the_override()
    {
        EtcdException error = ClusterGates
            .FindClosed(Of(Up(0), Up(1), Up(2), Up(3), Down(4)), null, None)!
            .ToException();
        Assert.Equal("MemberDown", error.ErrorId);
        Assert.Contains("-Override MemberDown", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("14", error.Target);
    }

    [Fact]
    public void A_refusal_recommends_no_override_if_another_gate_would_still_refuse()
    {
        ClusterState state = Of(Up(0), Up(1), Down(2));
        EtcdException error = ClusterGates.FindClosed(state, null, None)!.ToException();
        Assert.Equal("MemberDown", error.ErrorId);
        Assert.Equal("Start all voting members first.", error.RecommendedAction);
        Assert.Equal(GateId.QuorumAtRisk, ClusterGates.FindClosed(state, null, All)!.Gate);
    }

    /// <summary>The gate is closed with any override.</summary>
    private static void AssertHolds(GateId gate, ClusterState state)
    {
        Assert.Equal(gate, ClusterGates.FindClosed(state, null, None)?.Gate);
        Assert.Equal(gate, ClusterGates.FindClosed(state, null, All)?.Gate);
        Assert.Null(ClusterGates.FindClosed(state, null, None)?.OverriddenBy);
    }

    /// <summary>The gate is closed until exactly this override is given; all others together do not open it.</summary>
    private static void AssertYields(GateId gate, EtcdGate name, ClusterState state)
    {
        Assert.Equal(gate, ClusterGates.FindClosed(state, null, None)?.Gate);
        Assert.Equal(gate, ClusterGates.FindClosed(state, null, All.Except([name]).ToHashSet())?.Gate);
        Assert.Null(ClusterGates.FindClosed(state, null, new HashSet<EtcdGate> { name }));
    }
}
