using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Simulation;
using EtcdMaint.Engine.Tests.Transport.Tcp;
using static EtcdMaint.Engine.Tests.Membership.DiscoveryMemberSource;

namespace EtcdMaint.Engine.Tests.Membership;

/// <summary>
/// If each request runs a program elsewhere, the member list is requested together with the statuses, from the member
/// that is probably the leader.
/// </summary>
[Collection<SimulatedClusters>]
public sealed class EarlyListTests
{
    private readonly CalmCluster _cluster = new();

    private SimulatedCluster Etcd => _cluster.Etcd;

    [Fact]
    public async Task The_list_is_requested_at_the_same_time_as_the_statuses()
    {
        MemberDiscovery discovery = DiscoveryOf(0, 1, 2);
        ClusterMembership membership = await TakeAsync(discovery);
        Assert.All(membership.Members, m => Assert.Equal(m.Id, m.FirstStatus!.Header.MemberId));
        Assert.Equal(["m0"], Etcd.Log.MembersOf("ListMembers"));
        Assert.Equal(3, Etcd.Log.MembersOf("Status").Count());
        Assert.All(Etcd.Log.Calls, call => Assert.Equal(TimeSpan.Zero, call.At));
    }

    [Fact]
    public async Task The_next_time_the_leader_is_asked()
    {
        MemberDiscovery discovery = DiscoveryOf(1, 2, 0);
        await TakeAsync(discovery);
        Assert.Equal(["m1"], Etcd.Log.MembersOf("ListMembers"));
        await TakeAsync(discovery);
        Assert.Equal(["m1", "m0"], Etcd.Log.MembersOf("ListMembers"));

        Etcd.Lead(_cluster[2]);
        await TakeAsync(discovery);
        await TakeAsync(discovery);
        Assert.Equal(["m1", "m0", "m0", "m2"], Etcd.Log.MembersOf("ListMembers"));
    }

    [Theory]
    [InlineData("old term")]
    [InlineData("behind")]
    [InlineData("cut off")]
    [InlineData("incomplete")]
    public async Task The_leader_is_asked_too_if_the_list_of_the_other_member_may_be_old(string why)
    {
        MemberDiscovery discovery = DiscoveryOf(1, 2, 0);
        SimulatedMember other = _cluster[1];
        if (why == "old term")
            other.StaleList = [.. Etcd.Members.Select(m => m.Entry)];
        if (why == "incomplete")
            other.LateList = [.. Etcd.Members.Take(2).Select(m => m.Entry)];
        if (why == "behind")
            other.Unapplied = 1;
        if (why == "cut off")
            other.CutFromPeers(true);
        ClusterMembership membership = await TakeAsync(discovery);
        Assert.Equal(3, membership.Members.Count);
        Assert.Equal(["m1", "m0"], Etcd.Log.MembersOf("ListMembers"));
    }

    [Fact]
    public async Task A_member_that_does_not_answer_costs_seconds()
    {
        _cluster[1].Set(NetworkState.BlackHole);
        ClusterMembership membership = await TakeAsync(DiscoveryOf(1, 2, 0));
        Assert.Equal("MemberUnreachable", membership.Find(_cluster[1].Id)!.Failure!.ErrorId);
        Assert.Equal(2, membership.Members.Count(m => m.FirstStatus is not null));
        Assert.Equal(["m1", "m0"], Etcd.Log.MembersOf("ListMembers"));
        Assert.InRange(_cluster.Time.Now, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));
    }

    private MemberDiscovery DiscoveryOf(params int[] members) =>
        new(
            new DiscoveryMemberSource(Places(Etcd, members)) { RunsPrograms = true, RunsProgramsHere = false },
            _cluster.Time,
            FreshIdentity.Create()
        );

    private async Task<ClusterMembership> TakeAsync(MemberDiscovery discovery)
    {
        ClusterMembership? membership = null;
        var limit = new CallBudget(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        await OwnThread.Run(() =>
            _cluster.Time.Run(
                async () => membership = await discovery.TakeForStatusAsync(limit),
                TimeSpan.FromMinutes(1)
            )
        );
        return membership!;
    }
}
