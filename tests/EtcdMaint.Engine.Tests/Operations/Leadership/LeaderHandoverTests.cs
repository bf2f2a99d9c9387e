using EtcdMaint.Engine.Operations.Leadership;
using static EtcdMaint.Engine.Tests.Safety.Gates.GateStates;

namespace EtcdMaint.Engine.Tests.Operations.Leadership;

public sealed class LeaderHandoverTests
{
    [Fact]
    public void Voters_that_are_done_come_first_then_those_with_the_shorter_pause()
    {
        var state = Of(Up(0), Up(1), Up(2, s => s with { DbSize = s.DbSizeInUse }), Up(3));
        Assert.Equal([Id(3), Id(2), Id(1)], LeaderHandover.Rank(state, new HashSet<ulong> { Id(3) }).Select(m => m.Id));
    }

    [Fact]
    public void Members_that_are_down_behind_learners_or_of_another_version_are_never_candidates()
    {
        var state = Of(
            Up(0),
            Down(1),
            Up(2, s => s with { RaftAppliedIndex = 9_000 }),
            Up(3, s => s with { Version = "3.6.14" }),
            Up(4, null, isLearner: true),
            Up(5)
        );
        Assert.Equal([Id(5)], LeaderHandover.Rank(state, new HashSet<ulong>()).Select(m => m.Id));
    }
}
