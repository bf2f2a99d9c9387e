using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Tests.Client;

/// <summary>All calls share one search for the access to a member until it succeeds or fails.</summary>
public sealed class LazyClientFactoryTests
{
    private static readonly MemberAddress Place = new("node");

    private readonly List<Search> _searches = [];

    private static CallBudget Limit => new(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_call_that_is_stopped_leaves_the_search_running_for_the_next_call()
    {
        await using LazyClientFactory opening = Open();
        using var stop = new CancellationTokenSource();
        Task<IMemberClient> stopped = opening.GetAsync(Limit with { Stop = stop.Token });
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        EtcdException late = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            opening.GetAsync(Limit with { Timeout = TimeSpan.Zero })
        );
        Assert.Equal("EndpointTimeout", late.ErrorId);

        Task<IMemberClient> next = opening.GetAsync(Limit);
        Assert.False(opening.AtWork?.IsCompleted);
        _searches[0].Client.SetResult(AnyClient());
        Assert.Same(await _searches[0].Client.Task, await next);
        Assert.Single(_searches);
    }

    [Fact]
    public async Task A_failed_search_is_started_again()
    {
        await using LazyClientFactory opening = Open();
        Task<IMemberClient> first = opening.GetAsync(Limit);
        _searches[0].Client.SetException(MemberCallException.Create(CallFailure.SshLoginRefused, Place));
        Assert.Equal("SshLoginRefused", (await Assert.ThrowsAnyAsync<EtcdException>(() => first)).ErrorId);

        Task<IMemberClient> second = opening.GetAsync(Limit);
        _searches[1].Client.SetResult(AnyClient());
        Assert.Same(await second, opening.Opened);
    }

    [Fact]
    public async Task A_forgotten_result_is_searched_for_again()
    {
        await using LazyClientFactory opening = Open();
        for (int i = 0; i < 2; i++)
        {
            Task<IMemberClient> found = opening.GetAsync(Limit);
            _searches[i].Client.SetResult(AnyClient());
            opening.Forget(await found);
            Assert.Null(opening.Opened);
        }
    }

    [Fact]
    public async Task Disposal_stops_the_search_and_disposes_its_result()
    {
        LazyClientFactory atWork = Open();
        Task<IMemberClient> waiting = atWork.GetAsync(Limit);
        await atWork.DisposeAsync();
        Assert.True(_searches[0].Stop.IsCancellationRequested);
        foreach (Task<IMemberClient> call in new[] { waiting, atWork.GetAsync(Limit) })
            Assert.Equal("ConnectionLost", (await Assert.ThrowsAnyAsync<EtcdException>(() => call)).ErrorId);
        Assert.Single(_searches);

        LazyClientFactory done = Open();
        IMemberClient client = AnyClient();
        Task<IMemberClient> found = done.GetAsync(Limit);
        _searches[1].Client.SetResult(client);
        await found;
        await done.DisposeAsync();
        Assert.Equal(
            "ConnectionLost",
            (await Assert.ThrowsAnyAsync<EtcdException>(() => client.GetStatusAsync(Limit))).ErrorId
        );
    }

    private LazyClientFactory Open() =>
        new(
            Place,
            limit =>
            {
                _searches.Add(new Search(limit.Stop));
                return _searches[^1].Client.Task.WaitAsync(limit.Stop);
            },
            TimeProvider.System
        );

    /// <summary>A client whose failure shows whether it was disposed of.</summary>
    private static LazyMemberClient AnyClient() =>
        new(Place, _ => throw new NotSupportedException(), TimeProvider.System);

    private sealed record Search(CancellationToken Stop)
    {
        public TaskCompletionSource<IMemberClient> Client { get; } = new();
    }
}
