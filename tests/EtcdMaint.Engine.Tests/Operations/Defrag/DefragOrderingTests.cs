using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Defrag;
using static EtcdMaint.Engine.Tests.Safety.Gates.GateStates;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

public sealed class DefragOrderingTests
{
    [Fact]
    public void Orders_followers_by_free_bytes_and_the_leader_last() =>
        Assert.Equal(
            [Id(2), Id(1), Id(3), Id(0)],
            DefragOrdering.Order([Free(0, 900), Free(1, 50), Free(2, 500), Free(3, 50)], Id(0)).Select(m => m.Id)
        );

    [Fact]
    public void A_member_that_does_not_answer_comes_after_those_that_do() =>
        Assert.Equal([Id(2), Id(1)], DefragOrdering.Order([Down(1), Free(2, 10)], null).Select(m => m.Id));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(9, 1)]
    public void The_current_leader_is_deferred_while_others_wait(int leader, int first)
    {
        List<ulong> waiting = [Id(1), Id(2), Id(0)];
        Assert.Equal(Id(first), DefragOrdering.TakeNext(waiting, Id(leader)));
        Assert.Equal(2, waiting.Count);
        Assert.DoesNotContain(Id(first), waiting);
    }

    [Fact]
    public void The_leader_is_taken_when_no_other_member_is_left()
    {
        List<ulong> waiting = [Id(0)];
        Assert.Equal(Id(0), DefragOrdering.TakeNext(waiting, Id(0)));
        Assert.Empty(waiting);
    }

    private static MemberReading Free(int number, int megabytes) =>
        Up(number, s => s with { DbSizeInUse = 100_000_000, DbSize = 100_000_000 + megabytes * 1_000_000L });
}
