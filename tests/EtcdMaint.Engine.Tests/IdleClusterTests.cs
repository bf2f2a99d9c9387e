using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Connecting;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Tests;

/// <summary>Which clusters keep their streams while no operation uses them.</summary>
public sealed class IdleClusterTests
{
    private readonly IdleConnections _idle = new(limit: 2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_clusters_beyond_the_limit_are_closed_least_recently_used_first()
    {
        (Source Source, EtcdCluster Cluster)[] fleet = [Create(), Create(), Create()];
        await UseAsync(fleet[0].Cluster);
        await UseAsync(fleet[1].Cluster);
        await UseAsync(fleet[0].Cluster);
        Assert.All(fleet, one => Assert.Equal(0, one.Source.Closed));

        await UseAsync(fleet[2].Cluster);
        Assert.Equal([0, 1, 0], fleet.Select(one => one.Source.Closed));
    }

    [Fact]
    public async Task An_operation_keeps_the_streams_of_its_cluster()
    {
        (Source busy, EtcdCluster cluster) = Create();
        busy.Held = new TaskCompletionSource();
        Task first = UseAsync(cluster);
        Task second = UseAsync(cluster);
        for (int other = 0; other < 5; other++)
            await UseAsync(Create().Cluster);
        cluster.CloseWhenIdle();
        Assert.Equal(0, busy.Closed);

        busy.Held.SetResult();
        await first;
        await second;
        cluster.CloseWhenIdle();
        Assert.Equal(1, busy.Closed);
    }

    [Fact]
    public async Task A_disconnected_cluster_is_not_one_of_the_idle_ones()
    {
        (Source kept, EtcdCluster first) = Create();
        (Source _, EtcdCluster second) = Create();
        await UseAsync(first);
        await UseAsync(second);
        await second.DisposeAsync();
        await UseAsync(Create().Cluster);
        Assert.Equal(0, kept.Closed);
    }

    private static async Task UseAsync(EtcdCluster cluster) =>
        await Assert.ThrowsAsync<EtcdException>(() =>
            cluster.GetAlarmsAsync(TimeSpan.FromSeconds(1), new RunRecorder(), Cancellation)
        );

    private (Source Source, EtcdCluster Cluster) Create()
    {
        var source = new Source();
        var found = new FoundCluster("test", EtcdAccess.Endpoint, [], null, source);
        return (source, new EtcdCluster(found, null, TimeProvider.System, idle: _idle));
    }

    /// <summary>Has no members, and counts how often its streams were closed.</summary>
    private sealed class Source : IMemberSource
    {
        public int Closed { get; private set; }

        /// <summary>An operation waits for it.</summary>
        public TaskCompletionSource? Held { get; set; }

        public async Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallBudget limit)
        {
            if (Held is not null)
                await Held.Task;
            return [];
        }

        public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) => [];

        public void CloseStreams() => Closed++;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
