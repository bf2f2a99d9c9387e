using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Leadership;

/// <summary>A member that becomes the leader after it was selected.</summary>
[Collection<SimulatedClusters>]
public sealed class NewLeaderTests
{
    [Fact]
    public async Task It_transfers_the_leadership_if_required_although_it_was_a_follower_at_the_start_of_its_turn()
    {
        var scenario = new Scenario
        {
            Members =
            [
                .. new UpstreamState?[] { null, UpstreamState.Done, null }.Select(given => new MemberShape(
                    400,
                    100,
                    Given: given
                )),
            ],
            RequiresMove = true,
            Thinks = TimeSpan.FromSeconds(10),
            Faults = [new Fault(FaultKind.Suspend, 0, 0, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(3))],
        };
        SimulatedRun? run = null;
        await OwnThread.Run(() => run = SimulatedRun.Play(scenario));

        EtcdDefragResult row = Assert.Single(run!.Pipeline.Rows);
        Assert.True((row.Status, row.WasLeader) == (EtcdDefragStatus.Defragmented, true), run.Story);
        Assert.Contains("Leadership moved from m1", run.Pipeline.Story, StringComparison.Ordinal);
        Assert.True(run.SafetyInvariants.Violations.Count == 0, run.Story);
    }
}
