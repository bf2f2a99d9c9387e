using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Simulation;
using EtcdMaint.Engine.Tests.Transport.Tcp;
using static EtcdMaint.Engine.Tests.Membership.DiscoveryMemberSource;

namespace EtcdMaint.Engine.Tests.Membership;

/// <summary>
/// Discovery waits for nodes whose access takes long to find, but not for members that do not answer.
/// </summary>
[Collection<SimulatedClusters>]
public sealed class SlowAccessTests
{
    private readonly CalmCluster _cluster = new();
    private readonly List<int> _begun = [];

    private SimulatedCluster Etcd => _cluster.Etcd;

    private static CallBudget Limit => new(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_takes_longer_than_others_is_waited_for(bool runsPrograms)
    {
        ClusterMembership? membership = null;
        MemberDiscovery discovery = DiscoveryOf(runsPrograms, Places(Etcd, 0)[0], NodeOf(1, 8), NodeOf(2, 9));
        await RunAsync(async () => membership = await discovery.TakeForStatusAsync(Limit));
        Assert.All(membership!.Members, m => Assert.NotNull(m.Client));
        Assert.InRange(_cluster.Time.Now, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_search_continues_between_calls_and_runs_once()
    {
        ClusterMembership? membership = null;
        MemberDiscovery discovery = DiscoveryOf(true, Places(Etcd, 0)[0], NodeOf(1, 20), NodeOf(2, 20));
        await RunAsync(async () =>
        {
            await discovery.IdentifyAsync(Limit);
            Assert.True(_cluster.Time.Now < TimeSpan.FromSeconds(1), _cluster.Time.Now.ToString());
            membership = await discovery.TakeForStatusAsync(Limit);
            Assert.Null(membership.Find(_cluster[1].Id)!.Client);
            membership = await discovery.TakeForStatusAsync(Limit);
        });
        Assert.All(membership!.Members, m => Assert.NotNull(m.Client));
        Assert.Equal([1, 2], _begun.Order());
        Assert.InRange(_cluster.Time.Now, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(21));
    }

    [Fact]
    public async Task A_member_that_does_not_answer_behind_a_slow_node_costs_a_few_more_seconds()
    {
        _cluster[2].Set(NetworkState.BlackHole);
        ClusterMembership? membership = null;
        MemberDiscovery discovery = DiscoveryOf(true, Places(Etcd, 0)[0], NodeOf(1, 5), NodeOf(2, 5));
        await RunAsync(async () => membership = await discovery.TakeForStatusAsync(Limit));
        Assert.NotNull(membership!.Find(_cluster[1].Id)!.Client);
        Assert.Null(membership.Find(_cluster[2].Id)!.Client);
        Assert.InRange(_cluster.Time.Now, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_node_that_was_not_reached_the_last_time_costs_only_seconds()
    {
        MemberDiscovery discovery = DiscoveryOf(
            true,
            Places(Etcd, 0)[0],
            NodeOf(1, 10, fails: true),
            Places(Etcd, 2)[0]
        );
        TimeSpan first = default;
        await RunAsync(async () =>
        {
            await discovery.TakeForStatusAsync(Limit);
            first = _cluster.Time.Now;
            await discovery.TakeForStatusAsync(Limit);
        });
        Assert.InRange(first, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11));
        Assert.InRange(_cluster.Time.Now - first, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_stop_ends_the_wait_at_once()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1), _cluster.Time);
        MemberDiscovery discovery = DiscoveryOf(true, Places(Etcd, 0)[0], NodeOf(1, 8), NodeOf(2, 8));
        await RunAsync(() =>
            Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                discovery.TakeForStatusAsync(Limit with { Stop = stop.Token })
            )
        );
        Assert.Equal(TimeSpan.FromSeconds(1), _cluster.Time.Now);
    }

    private MemberDiscovery DiscoveryOf(bool runsPrograms, params IMemberClient[] places) =>
        new(new DiscoveryMemberSource(places) { RunsPrograms = runsPrograms }, _cluster.Time, FreshIdentity.Create());

    private LazyMemberClient NodeOf(int member, int seconds, bool fails = false)
    {
        var place = new MemberAddress($"node{member}");
        return new LazyMemberClient(
            place,
            async limit =>
            {
                _begun.Add(member);
                await Task.Delay(TimeSpan.FromSeconds(seconds), _cluster.Time, limit.Stop);
                return fails
                    ? throw MemberCallException.Create(CallFailure.SshHostUnreachable, place)
                    : Places(Etcd, member)[0];
            },
            _cluster.Time
        );
    }

    private Task RunAsync(Func<Task> work) => OwnThread.Run(() => _cluster.Time.Run(work, TimeSpan.FromMinutes(1)));
}
