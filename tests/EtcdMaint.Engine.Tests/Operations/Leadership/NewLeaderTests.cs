using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Leadership;

/// <summary>A member that comes to lead after it was chosen.</summary>
[Collection<SimulatedClusters>]
public sealed class NewLeaderTests
{
    [Fact]
    public async Task It_hands_over_where_that_is_required_though_it_followed_when_its_turn_began()
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
            Faults = [new Fault(FaultKind.Pause, 0, 0, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(3))],
        };
        SimulatedRun? run = null;
        await OwnThread.Run(() => run = SimulatedRun.Play(scenario));

        EtcdDefragResult row = Assert.Single(run!.Pipeline.Rows);
        Assert.True((row.Status, row.WasLeader) == (EtcdDefragStatus.Defragmented, true), run.Story);
        Assert.Contains("Leadership moved from m1", run.Pipeline.Story, StringComparison.Ordinal);
        Assert.True(run.SafetyInvariants.Violations.Count == 0, run.Story);
    }
}
