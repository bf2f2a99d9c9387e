using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using static EtcdMaint.Engine.Tests.Safety.Gates.GateStates;

namespace EtcdMaint.Engine.Tests.Membership;

/// <summary>A failed defragmentation counts until the member is seen to write or to defragment afterwards.</summary>
public sealed class FailedDefragsTests
{
    private readonly FailedDefrags _failed = new();

    [Fact]
    public void The_first_check_cannot_show_what_happened_after_the_failure() =>
        Assert.False(Look(revision: 100, succeeded: 5));

    [Fact]
    public void A_member_that_writes_between_two_checks_has_recovered()
    {
        Look(revision: 100);
        Assert.False(Look(revision: 100));
        Assert.True(Look(revision: 101));
        Assert.True(Look(revision: 101));
    }

    [Fact]
    public void A_member_that_defragments_between_two_checks_has_recovered()
    {
        Look(revision: 100, succeeded: 2);
        Assert.True(Look(revision: 100, succeeded: 3));
    }

    [Fact]
    public void A_second_failure_counts_again()
    {
        Look(revision: 100);
        Assert.False(Look(revision: 200, failed: 2));
        Assert.True(Look(revision: 201, failed: 2));
    }

    [Fact]
    public void A_failure_of_a_new_process_counts_again()
    {
        Look(revision: 100);
        Assert.False(Look(revision: 200, start: 2));
    }

    [Fact]
    public void A_member_without_a_failure_is_not_named() =>
        Assert.Empty(_failed.Find([Up(1)], Metrics(new MemberMetrics { FailedDefragCount = 0 })));

    [Theory]
    [InlineData("3.5.16", false, true)]
    [InlineData("3.5.16", true, false)]
    [InlineData("3.5.30", false, false)]
    public void The_gate_closes_only_on_a_release_that_may_crash_and_has_not_written_since(
        string version,
        bool hasWorkedSince,
        bool isClosed
    )
    {
        MemberReading member = Up(1, s => s with { Version = version });
        ClusterState state = Of(Up(0), member, Up(2)) with
        {
            FailedBefore = [new FailedDefrag(member, hasWorkedSince)],
        };
        HashSet<EtcdGate> none = [];
        Assert.Equal(isClosed ? GateId.DefragFailedBefore : null, ClusterGates.FindClosed(state, Id(2), none)?.Gate);
        Assert.Equal(
            isClosed ? GateId.DefragFailedBefore : null,
            ClusterGates.FindClosed(state, Id(2), new HashSet<EtcdGate> { EtcdGate.DiskTooFull })?.Gate
        );
        Assert.Null(ClusterGates.FindClosed(state, Id(2), new HashSet<EtcdGate> { EtcdGate.DefragFailedBefore }));
    }

    private bool Look(long revision, long failed = 1, long succeeded = 0, double start = 1)
    {
        MemberReading reading = Up(1, s => s with { Header = s.Header with { Revision = revision } });
        var metrics = new MemberMetrics
        {
            FailedDefragCount = failed,
            DefragCount = succeeded,
            ProcessStart = start,
        };
        return Assert.Single(_failed.Find([reading], Metrics(metrics))).HasWorkedSince;
    }

    private static Dictionary<ulong, MemberMetrics> Metrics(MemberMetrics metrics) => new() { [Id(1)] = metrics };
}
