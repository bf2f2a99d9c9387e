using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Tests.Client.Metrics;
using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>
/// Members with the feature NonBlockingDefrag, whose defragmentation blocks them only at its end. The simulated members
/// follow the code of etcd-io/etcd#22425; no released etcd has the feature.
/// </summary>
[Collection<SimulatedClusters>]
public sealed class NonBlockingDefragTests
{
    /// <summary>The predicted duration is 20 s, which is a long pause for a member that blocks.</summary>
    private const long InUse = 2_000_000_000;

    private static readonly TimeSpan Pause = Limits.Defrag.BaseDuration;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leadership_stays_and_the_predicted_pause_is_short(bool isNonBlocking)
    {
        CalmCluster cluster = Create(isNonBlocking);
        await cluster.DefragmentAsync();
        Assert.Empty(cluster.Pipeline.Errors);
        string[] moved = isNonBlocking ? [] : [cluster[0].Name];
        Assert.Equal(moved, cluster.Etcd.Log.MembersOf("MoveLeader"));
        Assert.All(
            cluster.Pipeline.Rows,
            row =>
            {
                Assert.Equal(EtcdDefragStatus.Defragmented, row.Status);
                Assert.Equal(isNonBlocking, row.PredictedDuration == Pause);
                Assert.True(row.Duration > TimeSpan.FromSeconds(20), $"{row.Duration}");
            }
        );
    }

    [Fact]
    public async Task The_plan_says_the_same()
    {
        CalmCluster cluster = Create();
        await cluster.DefragmentAsync(r => r with { PlanOnly = true });
        Assert.All(cluster.Pipeline.Rows, row => Assert.Equal(Pause, row.PredictedDuration));
        Assert.Contains("leadership stays", cluster.Pipeline.Story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_whose_metrics_cannot_be_read_counts_as_blocking()
    {
        CalmCluster cluster = Create();
        cluster[0].HasMetrics = false;
        await cluster.DefragmentAsync();
        Assert.Equal([cluster[0].Name], cluster.Etcd.Log.MembersOf("MoveLeader"));
        Assert.Equal([Pause, Pause], cluster.Pipeline.Rows.Take(2).Select(r => r.PredictedDuration));
        Assert.Equal(20.05, cluster.Pipeline.Rows[2].PredictedDuration!.Value.TotalSeconds, 2);
    }

    [Fact]
    public async Task The_duration_of_a_member_that_does_not_block_is_not_learned_for_one_that_blocks()
    {
        CalmCluster cluster = Create();
        cluster[0].IsNonBlocking = false;
        cluster[1].SecondsPerGigabyte = cluster[2].SecondsPerGigabyte = 30;
        await cluster.DefragmentAsync();
        Assert.Equal(20.05, cluster.Pipeline.Rows[2].PredictedDuration!.Value.TotalSeconds, 2);
    }

    [Fact]
    public async Task Leadership_moves_if_the_user_requires_it()
    {
        CalmCluster cluster = Create();
        await cluster.DefragmentAsync(r => r with { RequireLeaderMove = true });
        Assert.Equal([cluster[0].Name], cluster.Etcd.Log.MembersOf("MoveLeader"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_probe_budget_limits_only_a_member_that_blocks(bool isNonBlocking)
    {
        // Even the pause at the end would be longer than this budget allows.
        CalmCluster cluster = Create(isNonBlocking);
        cluster.Etcd.Members.ForEach(m => m.ProbeBudget = Pause / 2);
        await cluster.DefragmentAsync();
        string[] errors = isNonBlocking ? [] : ["ProbeBudget"];
        Assert.Equal(errors, cluster.Pipeline.Errors.Select(e => e.ErrorId));
    }

    [Theory]
    [InlineData(true, 1.9, "DiskTooFull")]
    [InlineData(true, 2.1, null)]
    [InlineData(false, 1.9, null)]
    [InlineData(false, 1.0, "DiskTooFull")]
    public async Task The_disk_must_have_room_for_files_that_grow_meanwhile(
        bool isNonBlocking,
        double multipleOfInUse,
        string? error
    )
    {
        CalmCluster cluster = Create(isNonBlocking);
        cluster.Etcd.Members.ForEach(m => m.FreeDisk = (long)(InUse * multipleOfInUse) + Limits.Gates.DiskReserve);
        await cluster.DefragmentAsync();
        string[] errors = error is null ? [] : [error];
        Assert.Equal(errors, cluster.Pipeline.Errors.Select(e => e.ErrorId));
        Assert.Equal(error is not null, !cluster.Etcd.Log.MembersOf("Defragment").Any());
    }

    [Fact]
    public async Task The_window_of_NotAfter_must_have_room_for_the_whole_duration()
    {
        CalmCluster cluster = Create();
        await cluster.DefragmentAsync(r => r with { NotAfter = cluster.Time.GetUtcNow() + TimeSpan.FromSeconds(30) });
        Assert.Equal(
            [EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
            cluster.Pipeline.Rows.Select(r => r.Status)
        );
    }

    [Fact]
    public async Task A_member_serves_its_clients_until_the_pause()
    {
        CalmCluster cluster = Create();
        bool wasBlocked = false;
        cluster.Etcd.DefragmentSent = member =>
            cluster.Time.After(TimeSpan.FromSeconds(10), () => wasBlocked |= member.IsBackendBlocked);
        await cluster.DefragmentAsync();
        Assert.False(wasBlocked);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_foreign_defragmentation_is_waited_for_although_its_member_answers(int busy)
    {
        CalmCluster cluster = Create();
        cluster[busy].Enqueue(isOurs: false);
        TimeSpan sent = TimeSpan.MaxValue;
        cluster.Etcd.DefragmentSent = _ => sent = sent < cluster.Time.Now ? sent : cluster.Time.Now;
        await cluster.DefragmentAsync();
        Assert.InRange(sent, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(25));
        Assert.Contains("A defragmentation that this run did not start is running on", cluster.Pipeline.Story);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_foreign_defragmentation_that_starts_after_the_confirmation_is_waited_for(int busy)
    {
        var shape = new MemberShape(3000, 2000, IsNonBlocking: true, Version: "3.6.14");
        SimulatedRun? run = null;
        await OwnThread.Run(() =>
            run = SimulatedRun.Play(
                new Scenario
                {
                    Members = [shape, shape, shape],
                    Faults =
                    [
                        new Fault(FaultKind.ForeignDefrag, busy, 0, TimeSpan.Zero, null) { AfterConfirmation = 1 },
                    ],
                }
            )
        );
        Assert.True(run!.SafetyInvariants.Violations.Count == 0, run.Story);
        Assert.True(run.SafetyInvariants.SentAt[0] > TimeSpan.FromSeconds(20), run.Story);
        Assert.DoesNotContain(run.Pipeline.Warnings, w => w.StartsWith("DefragOverlap", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_single_member_gets_no_warning_that_all_requests_stall()
    {
        var cluster = new CalmCluster(voters: 1);
        cluster[0].IsNonBlocking = true;
        await cluster.DefragmentAsync();
        Assert.Empty(cluster.Pipeline.Warnings);
        Assert.Equal(EtcdDefragStatus.Defragmented, Assert.Single(cluster.Pipeline.Rows).Status);
    }

    [Fact]
    public async Task A_lost_answer_is_waited_for_although_the_member_answers()
    {
        CalmCluster cluster = Create();
        cluster.Etcd.DefragmentSent = member =>
        {
            cluster.Etcd.DefragmentSent = _ => { };
            cluster.Time.After(TimeSpan.FromSeconds(1), () => cluster.Etcd.BreakConnections(member));
            cluster.Time.After(TimeSpan.FromSeconds(2), () => member.HasMetrics = false);
            cluster.Time.After(TimeSpan.FromSeconds(12), () => member.HasMetrics = true);
        };
        await cluster.DefragmentAsync();
        Assert.Empty(cluster.Pipeline.Errors);
        Assert.All(cluster.Pipeline.Rows, row => Assert.Equal(EtcdDefragStatus.Defragmented, row.Status));
    }

    [Theory]
    [InlineData("3.8.0", EtcdDefragStatus.TimedOut)]
    [InlineData("3.7.1", EtcdDefragStatus.Defragmented)]
    public Task Without_metrics_a_smaller_file_is_proof_only_before_3_8(string version, EtcdDefragStatus expected) =>
        AssertAloneAsync(
            new MemberShape(1400, 500, HasMetrics: false, Version: version),
            new Fault(FaultKind.BreakConnections, 0, 1, TimeSpan.FromSeconds(1), null),
            expected
        );

    /// <summary>The defragmentation of the run waits behind the other one, which nothing shows.</summary>
    [Fact]
    public Task Without_metrics_the_smaller_file_of_another_tool_is_no_proof() =>
        AssertAloneAsync(
            new MemberShape(1400, 500, 100, HasMetrics: false, Version: "3.8.0", IsNonBlocking: true),
            new Fault(FaultKind.ForeignDefrag, 0, 0, TimeSpan.Zero, null),
            EtcdDefragStatus.TimedOut
        );

    private static async Task AssertAloneAsync(MemberShape shape, Fault fault, EtcdDefragStatus expected)
    {
        SimulatedRun? run = null;
        await OwnThread.Run(() => run = SimulatedRun.Play(new Scenario { Members = [shape], Faults = [fault] }));
        EtcdDefragResult row = Assert.Single(run!.Pipeline.Rows);
        Assert.True(row.Status == expected, run.Story);
    }

    private static CalmCluster Create(bool isNonBlocking = true)
    {
        bool hasFeature = MemberMetrics.Parse(new StringReader(RecordedPages.NonBlockingDefrag)).HasNonBlockingDefrag;
        var cluster = new CalmCluster();
        foreach (SimulatedMember member in cluster.Etcd.Members)
        {
            member.DbSize = 3_000_000_000;
            member.InUse = InUse;
            member.Quota = 8_000_000_000;
            member.IsNonBlocking = isNonBlocking && hasFeature;
        }
        return cluster;
    }
}
