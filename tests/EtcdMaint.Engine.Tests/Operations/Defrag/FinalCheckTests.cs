using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>What the check directly before a defragmentation finds, although the gates were open.</summary>
[Collection<SimulatedClusters>]
public sealed class FinalCheckTests
{
    /// <summary>
    /// The user has overridden MemberDown. The path to the other member is interrupted while the gates read the
    /// cluster, and open again while the lock is proved, which takes three time limits through that member.
    /// </summary>
    [Fact]
    public async Task A_member_that_returns_while_the_lock_is_proved_is_checked_again()
    {
        var scenario = new Scenario
        {
            Members = [new MemberShape(734, 130), new MemberShape(4139, 3134)],
            Leader = 1,
            Overrides = [EtcdGate.MemberDown],
            Faults =
            [
                new Fault(FaultKind.ForeignDefrag, 1, 0, TimeSpan.FromSeconds(0.01), null) { AfterConfirmation = 1 },
                new Fault(FaultKind.BlackHole, 1, 0, TimeSpan.FromSeconds(0.522), TimeSpan.FromSeconds(4.566)),
            ],
        };
        SimulatedRun? run = null;
        await OwnThread.Run(() => run = SimulatedRun.Play(scenario));

        Assert.True(run!.SafetyInvariants.Violations.Count == 0, run.Story);
        Assert.Contains("Member m1 did not answer before and answers now", run.Story, StringComparison.Ordinal);
        Assert.Contains(run.Pipeline.Warnings, w => w.StartsWith("DefragInFlight", StringComparison.Ordinal));
        Assert.Equal(EtcdDefragStatus.Defragmented, run.Pipeline.Rows[0].Status);
    }

    /// <summary>
    /// The user has overridden MemberDown. Another tool begins to defragment the leader during the final check, and the
    /// connection to the leader breaks before the check ends, so the leader looks like a member that is down.
    /// </summary>
    [Fact]
    public async Task A_member_that_stops_answering_during_the_check_is_not_taken_for_one_that_was_down()
    {
        var scenario = new Scenario
        {
            Members = [.. Enumerable.Repeat(new MemberShape(200, 100), 6)],
            Leader = 5,
            Overrides = [EtcdGate.MemberDown],
            Faults =
            [
                new Fault(FaultKind.ForeignDefrag, 5, 0, TimeSpan.FromSeconds(0.011), null) { AfterConfirmation = 2 },
                new Fault(FaultKind.BreakConnections, 5, 1, TimeSpan.FromSeconds(1.31), null),
            ],
        };
        SimulatedRun? run = null;
        await OwnThread.Run(() => run = SimulatedRun.Play(scenario));

        Assert.True(run!.SafetyInvariants.Violations.Count == 0, run.Story);
        Assert.Equal(5, run.Pipeline.Rows.Count(r => r.Status is EtcdDefragStatus.Defragmented));
    }
}
