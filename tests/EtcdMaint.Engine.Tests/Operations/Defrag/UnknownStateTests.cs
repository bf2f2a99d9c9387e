using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>What a run reports about a member whose answer was lost. m0 leads, so m1 has the first turn.</summary>
[Collection<SimulatedClusters>]
public sealed class UnknownStateTests
{
    private const int Worker = -1;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_limit_that_passes_during_the_defragmentation_is_waited_out()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario { Members = Three(secondsPerGigabyte: 80), DefragTimeout = TimeSpan.FromSeconds(5) }
        );
        Assert.All(
            run.Pipeline.Rows,
            r =>
                Assert.Equal(
                    (EtcdDefragStatus.Defragmented, "it took longer than the time limit"),
                    (r.Status, r.Reason)
                )
        );
        Assert.Empty(run.Pipeline.Errors);
    }

    [Fact]
    public async Task A_limit_that_passes_twice_ends_the_run_regardless_of_the_parameters()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario
            {
                Members = Three(secondsPerGigabyte: 800),
                DefragTimeout = TimeSpan.FromSeconds(5),
                ContinuesOnError = true,
            }
        );
        AssertRows(run, EtcdDefragStatus.TimedOut, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted);
        Assert.Equal(["DefragUnknown"], run.Pipeline.Errors.Select(e => e.ErrorId));
    }

    [Fact]
    public async Task A_broken_connection_does_not_count_as_the_end_of_the_defragmentation()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario
            {
                Members = Three(),
                Faults = [new Fault(FaultKind.BreakConnections, Worker, 1, Second / 2, null)],
            }
        );
        Assert.Equal("the connection broke during the defragmentation", run.Pipeline.Rows[0].Reason);
        Assert.All(run.Pipeline.Rows, r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
    }

    [Fact]
    public async Task After_a_broken_connection_a_member_without_metrics_is_done_when_its_file_is_smaller()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario
            {
                Members = [.. Three().Select(m => m with { HasMetrics = false })],
                Faults = [new Fault(FaultKind.BreakConnections, Worker, 1, Second / 2, null)],
            }
        );
        Assert.All(run.Pipeline.Rows, r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
    }

    [Fact]
    public async Task A_member_that_restarts_meanwhile_ends_the_run_even_with_ContinueOnError()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario
            {
                Members = Three(),
                ContinuesOnError = true,
                Faults = [new Fault(FaultKind.Kill, Worker, 1, Second / 2, 2 * Second)],
            }
        );
        AssertRows(run, EtcdDefragStatus.Failed, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted);
        Assert.Equal(["MemberRestarted"], run.Pipeline.Errors.Select(e => e.ErrorId));
    }

    [Fact]
    public async Task A_full_disk_ends_the_run_and_the_error_says_what_to_delete()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario
            {
                Members = Three(),
                ContinuesOnError = true,
                Faults = [new Fault(FaultKind.FillDisk, 1, 0, TimeSpan.Zero, null)],
            }
        );
        AssertRows(run, EtcdDefragStatus.Failed, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted);
        EtcdException error = Assert.Single(run.Pipeline.Errors);
        Assert.Equal("DefragDiskFull", error.ErrorId);
        Assert.Contains("db.tmp.*", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_that_only_the_counter_of_the_member_shows_ends_the_run_like_a_full_disk()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario
            {
                Members = Three(),
                ContinuesOnError = true,
                Faults =
                [
                    new Fault(FaultKind.FillDisk, 1, 0, TimeSpan.Zero, null),
                    new Fault(FaultKind.BreakConnections, Worker, 1, Second / 10, null),
                ],
            }
        );
        AssertRows(run, EtcdDefragStatus.Failed, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted);
    }

    [Fact]
    public async Task A_foreign_defragmentation_is_waited_for_and_leaves_that_member_nothing_to_gain()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario
            {
                Members = Three(secondsPerGigabyte: 200),
                Faults = [new Fault(FaultKind.ForeignDefrag, 2, 0, TimeSpan.Zero, null)],
            }
        );
        Assert.True(run.SafetyInvariants.SentAt[0] > TimeSpan.FromSeconds(20), run.Story);
        AssertRows(run, EtcdDefragStatus.Skipped, EtcdDefragStatus.Defragmented, EtcdDefragStatus.Defragmented);
    }

    [Fact]
    public async Task A_foreign_defragmentation_that_starts_during_a_turn_is_reported_and_waited_for()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario
            {
                Members = Three(secondsPerGigabyte: 50),
                Faults = [new Fault(FaultKind.ForeignDefrag, 2, 1, 2 * Second, null)],
            }
        );
        Assert.Contains(
            run.Pipeline.Warnings,
            w => w.StartsWith("DefragOverlap: Another tool defragmented m2", StringComparison.Ordinal)
        );
        AssertRows(run, EtcdDefragStatus.Defragmented, EtcdDefragStatus.Skipped, EtcdDefragStatus.Defragmented);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_foreign_defragmentation_that_starts_after_the_confirmation_is_waited_for(bool hasMetrics)
    {
        SimulatedRun run = await PlayAsync(
            new Scenario
            {
                Members = [.. Three(secondsPerGigabyte: 100).Select(m => m with { HasMetrics = hasMetrics })],
                Faults = [new Fault(FaultKind.ForeignDefrag, 2, 0, TimeSpan.Zero, null) { AfterConfirmation = 1 }],
            }
        );
        Assert.True(run.SafetyInvariants.SentAt[0] > 10 * Second, run.Story);
        Assert.DoesNotContain(run.Pipeline.Warnings, w => w.StartsWith("DefragOverlap", StringComparison.Ordinal));
        AssertRows(run, EtcdDefragStatus.Defragmented, EtcdDefragStatus.Skipped, EtcdDefragStatus.Defragmented);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_foreign_defragmentation_that_starts_with_the_request_is_reported(bool hasMetrics)
    {
        SimulatedRun run = await PlayAsync(
            new Scenario
            {
                Members = [.. Three(secondsPerGigabyte: 10).Select(m => m with { HasMetrics = hasMetrics })],
                Faults = [new Fault(FaultKind.ForeignDefrag, 2, 1, TimeSpan.FromMilliseconds(1), null)],
            }
        );
        Assert.Single(
            run.Pipeline.Warnings,
            w => w.StartsWith("DefragOverlap: Another tool defragmented m2 while m1", StringComparison.Ordinal)
        );
        Assert.Contains("m2", run.Pipeline.Rows[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_that_was_suspended_before_it_read_the_request_is_never_asked_twice()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario
            {
                Members = Three(),
                DefragTimeout = TimeSpan.FromSeconds(5),
                Faults = [new Fault(FaultKind.Suspend, Worker, 1, TimeSpan.Zero, TimeSpan.FromMinutes(1))],
            }
        );
        AssertRows(run, EtcdDefragStatus.TimedOut, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted);
    }

    [Fact]
    public async Task A_stop_waits_for_the_current_member_and_verifies_it()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario { Members = Three(secondsPerGigabyte: 100), StopsAfter = 3 * Second }
        );
        AssertRows(run, EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted);
        Assert.NotNull(run.Pipeline.Rows[0].BytesReclaimed);
    }

    [Fact]
    public async Task A_stop_that_may_not_wait_reports_that_the_member_continues()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario
            {
                Members = Three(secondsPerGigabyte: 100),
                StopsAfter = 3 * Second,
                StopTimeout = Second,
            }
        );
        AssertRows(run, EtcdDefragStatus.TimedOut, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted);
        Assert.Equal(["DefragAbandoned"], run.Pipeline.Errors.Select(e => e.ErrorId));
        Assert.True(run.Took < 10 * Second, run.Took.ToString());
    }

    private static MemberShape[] Three(double secondsPerGigabyte = 10) =>
        [.. Enumerable.Repeat(new MemberShape(400, 100, secondsPerGigabyte), 3)];

    private static async Task<SimulatedRun> PlayAsync(Scenario scenario)
    {
        SimulatedRun? run = null;
        await OwnThread.Run(() => run = SimulatedRun.Play(scenario));
        Assert.True(run!.SafetyInvariants.Violations.Count == 0, run.Story);
        return run;
    }

    private static void AssertRows(SimulatedRun run, params EtcdDefragStatus[] expected) =>
        Assert.True(expected.SequenceEqual(run.Pipeline.Rows.Select(r => r.Status)), run.Story);
}
