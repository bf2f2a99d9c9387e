using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Simulation;
using EtcdMaint.Engine.Tests.Transport.Tcp;
using static EtcdMaint.Engine.Tests.Membership.DiscoveryMemberSource;

namespace EtcdMaint.Engine.Tests.Membership;

/// <summary>The members report who is in the cluster; a place belongs to the member whose ID it reports.</summary>
[Collection<SimulatedClusters>]
public sealed class MemberDiscoveryTests
{
    private readonly CalmCluster _cluster = new(learners: 1);

    private SimulatedCluster Etcd => _cluster.Etcd;

    [Fact]
    public async Task Members_are_found_where_they_answer_regardless_of_what_they_advertise()
    {
        _cluster[0].AnswerBy(_cluster[1]);
        _cluster[1].AnswerBy(_cluster[0]);
        ClusterMembership membership = await TakeAsync(new DiscoveryMemberSource(Places(Etcd, 0, 1, 2, 3)));
        Assert.Equal("http://m1:2379", membership.Find(_cluster[0].Id)!.Client!.Place.Endpoint);
        Assert.Equal("http://m0:2379", membership.Find(_cluster[1].Id)!.Client!.Place.Endpoint);
        Assert.Equal(4, membership.Members.Count);
        Assert.True(membership.IsListAgreed);
    }

    [Fact]
    public async Task A_member_that_answers_at_two_places_is_one_member()
    {
        ClusterMembership membership = await TakeAsync(new DiscoveryMemberSource(Places(Etcd, 0, 1, 2, 3, 0, 1)));
        Assert.Equal(4, membership.Members.Count);
        Assert.All(membership.Members, m => Assert.NotNull(m.Client));
    }

    [Fact]
    public async Task Members_without_a_given_place_are_tried_at_their_advertised_places()
    {
        var access = new DiscoveryMemberSource(Places(Etcd, 0))
        {
            Candidates = entry => Places(Etcd, Etcd.Members.FindIndex(m => m.Id == entry.Id)),
        };
        ClusterMembership membership = await TakeAsync(access);
        Assert.All(membership.Members, m => Assert.NotNull(m.Client));
    }

    [Fact]
    public async Task An_advertised_place_where_another_member_answers_is_not_used()
    {
        var access = new DiscoveryMemberSource(Places(Etcd, 0)) { Candidates = _ => Places(Etcd, 0) };
        ClusterMembership membership = await TakeAsync(access);
        Assert.Equal([_cluster[0].Id], membership.Members.Where(m => m.Client is not null).Select(m => m.Id));
        Assert.Equal("MemberUnreachable", membership.Find(_cluster[1].Id)!.Failure!.ErrorId);
    }

    [Fact]
    public async Task An_advertised_place_of_another_cluster_is_not_used()
    {
        var other = new SimulatedCluster(
            [.. Enumerable.Range(0, 3).Select(i => new SimulatedMember((ulong)(0x100 + i), $"x{i}", _cluster.Time))],
            _cluster.Time
        );
        DriveBoth(other);
        var access = new DiscoveryMemberSource(Places(Etcd, 0, 1)) { Candidates = _ => Places(other, 2) };
        Assert.Null((await TakeAsync(access)).Find(_cluster[2].Id)!.Client);
    }

    [Fact]
    public async Task An_unreachable_place_is_not_waited_for_when_all_members_are_found()
    {
        var dead = new SimulatedMember(0x999, "dead", _cluster.Time);
        dead.Set(NetworkState.BlackHole);
        ClusterMembership membership = await TakeAsync(
            new DiscoveryMemberSource([new SimulatedClient(Etcd, dead), .. Places(Etcd, 0, 1, 2, 3)])
        );
        Assert.All(membership.Members, m => Assert.NotNull(m.Client));
        Assert.True(_cluster.Time.Now < TimeSpan.FromSeconds(1), _cluster.Time.Now.ToString());
    }

    [Fact]
    public async Task An_unreachable_advertised_place_costs_seconds_instead_of_the_whole_limit()
    {
        _cluster[2].Set(NetworkState.BlackHole);
        var access = new DiscoveryMemberSource(Places(Etcd, 0, 1, 3)) { Candidates = _ => Places(Etcd, 2) };
        Assert.Null((await TakeAsync(access)).Find(_cluster[2].Id)!.Client);
        Assert.True(_cluster.Time.Now < TimeSpan.FromSeconds(4), _cluster.Time.Now.ToString());
    }

    [Fact]
    public async Task A_member_that_never_started_is_reported_as_such()
    {
        _cluster[0].StaleList =
            _cluster[1].StaleList =
            _cluster[2].StaleList =
                [.. Etcd.Members.Select(m => m.Entry), new MemberEntry(0x555, "", ["http://new:2380"], [], false)];
        ClusterMembership membership = await TakeAsync(new DiscoveryMemberSource(Places(Etcd, 0, 1, 2, 3)));
        Assert.Contains("never been started", membership.Find(0x555)!.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task An_outdated_list_of_one_member_is_noticed_and_not_used(int stale)
    {
        _cluster[stale].StaleList = [_cluster[stale].Entry];
        ClusterMembership membership = await TakeAsync(new DiscoveryMemberSource(Places(Etcd, 0, 1, 2, 3)));
        Assert.Equal(4, membership.Members.Count);
        Assert.True(stale > 0 || !membership.IsListAgreed);
    }

    [Fact]
    public async Task An_outdated_list_is_not_trusted_because_its_member_answers_at_two_places()
    {
        _cluster[0].StaleList = [_cluster[0].Entry];
        _cluster[1].AnswerBy(_cluster[0]);
        ClusterMembership membership = await TakeAsync(new DiscoveryMemberSource(Places(Etcd, 0, 1, 2)));
        Assert.False(membership.IsListAgreed);
    }

    [Fact]
    public async Task Places_of_two_clusters_are_refused()
    {
        var other = new SimulatedCluster([new SimulatedMember(0x777, "x0", _cluster.Time)], _cluster.Time);
        DriveBoth(other);
        await AssertRefusedAsync("SeveralEtcdClusters", [.. Places(Etcd, 0), .. Places(other, 0)]);
    }

    [Fact]
    public async Task Learners_alone_cannot_determine_the_members() =>
        await AssertRefusedAsync("OnlyLearnersAnswered", Places(Etcd, 3));

    [Fact]
    public async Task One_unreachable_place_fails_with_its_own_reason()
    {
        _cluster[0].Kill();
        await AssertRefusedAsync("EndpointRefused", Places(Etcd, 0));
    }

    [Fact]
    public async Task Unreachable_places_with_the_same_failure_keep_its_reason_and_are_all_named()
    {
        _cluster[0].Kill();
        _cluster[1].Kill();
        EtcdException error = await AssertRefusedAsync("EndpointRefused", Places(Etcd, 0, 1));
        Assert.Equal("http://m0:2379,http://m1:2379", error.Target);
    }

    [Fact]
    public async Task Unreachable_places_with_different_failures_are_reported_as_none_answered()
    {
        _cluster[0].Kill();
        _cluster[1].Set(NetworkState.BlackHole);
        await AssertRefusedAsync("NoEndpointAnswered", Places(Etcd, 0, 1));
    }

    [Fact]
    public async Task A_place_where_etcd_runs_but_does_not_answer_is_listed_with_the_missing_members()
    {
        _cluster[1].Set(NetworkState.BlackHole);
        _cluster[2].Set(NetworkState.BlackHole);
        ClusterMembership membership = await TakeAsync(
            new DiscoveryMemberSource([
                .. Places(Etcd, 0, 1, 3),
                new SimulatedClient(Etcd, Etcd.Members[2]) { IsUnresponsive = true },
            ])
        );
        Assert.Equal(["http://m2:2379"], membership.Unresponsive.Select(p => p.Endpoint));
        Assert.Null(membership.Find(_cluster[2].Id)!.Client);
    }

    [Fact]
    public async Task When_calls_are_expensive_statuses_are_read_along_with_only_one_list()
    {
        ClusterMembership membership = await TakeForStatusAsync(
            new DiscoveryMemberSource(Places(Etcd, 0, 1, 2, 3)) { RunsPrograms = true }
        );
        Assert.Equal(Etcd.Members.Select(m => m.Id), membership.Members.Select(m => m.Id));
        Assert.All(membership.Members, m => Assert.Equal(m.Id, m.FirstStatus!.Header.MemberId));

        ClusterMembership others = await TakeForStatusAsync(new DiscoveryMemberSource(Places(Etcd, 0, 1, 2, 3)));
        Assert.All(others.Members, m => Assert.Null(m.FirstStatus));
    }

    [Fact]
    public async Task When_calls_are_expensive_a_member_that_does_not_answer_costs_seconds_and_is_named()
    {
        _cluster[1].Set(NetworkState.BlackHole);
        ClusterMembership membership = await TakeForStatusAsync(
            new DiscoveryMemberSource(Places(Etcd, 0, 1, 2, 3)) { RunsPrograms = true }
        );
        Assert.Equal("MemberUnreachable", membership.Find(_cluster[1].Id)!.Failure!.ErrorId);
        Assert.Equal(3, membership.Members.Count(m => m.FirstStatus is not null));
        Assert.True(_cluster.Time.Now < TimeSpan.FromSeconds(4), _cluster.Time.Now.ToString());
    }

    [Fact]
    public async Task When_calls_are_expensive_the_list_of_the_leader_is_used()
    {
        foreach (SimulatedMember member in Etcd.Members.Where(m => m != Etcd.Leader))
            member.StaleList = [member.Entry];
        Assert.Equal(
            4,
            (await TakeForStatusAsync(new DiscoveryMemberSource(Places(Etcd, 0, 1, 2, 3)) { RunsPrograms = true }))
                .Members
                .Count
        );
    }

    private async Task<EtcdException> AssertRefusedAsync(string errorId, IMemberClient[] places)
    {
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            TakeAsync(new DiscoveryMemberSource(places))
        );
        Assert.Equal(errorId, error.ErrorId);
        return error;
    }

    /// <summary>Each cluster advances its own calls; when two clusters share one clock, both must advance.</summary>
    private void DriveBoth(SimulatedCluster other) => _cluster.Time.Settle = () => Etcd.Settle() | other.Settle();

    private Task<ClusterMembership> TakeAsync(DiscoveryMemberSource access) =>
        RunAsync(access, (discovery, limit) => discovery.TakeAsync(limit));

    private Task<ClusterMembership> TakeForStatusAsync(DiscoveryMemberSource access) =>
        RunAsync(access, (discovery, limit) => discovery.TakeForStatusAsync(limit));

    private async Task<ClusterMembership> RunAsync(
        DiscoveryMemberSource access,
        Func<MemberDiscovery, CallBudget, Task<ClusterMembership>> take
    )
    {
        ClusterMembership? membership = null;
        var limit = new CallBudget(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        await OwnThread.Run(() =>
            _cluster.Time.Run(
                async () =>
                    membership = await take(new MemberDiscovery(access, _cluster.Time, FreshIdentity.Create()), limit)
                        .ConfigureAwait(false),
                TimeSpan.FromMinutes(1)
            )
        );
        return membership!;
    }
}
