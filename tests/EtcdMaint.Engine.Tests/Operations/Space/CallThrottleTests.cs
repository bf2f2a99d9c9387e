using EtcdMaint.Engine.Operations.Space;
using EtcdMaint.Engine.Safety;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>How many calls run at the same time, and the pauses between them.</summary>
public sealed class CallThrottleTests
{
    private const int Members = 3;
    private const long First = 1000;

    private static readonly TimeSpan Took = TimeSpan.FromMilliseconds(20);

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_member_has_one_call_at_a_time_if_other_clients_write_little()
    {
        CallThrottle throttle = await StartAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        for (int call = 0; call < 10; call++)
        {
            Assert.True(throttle.PauseAsync(First + 100, Took, Stop).IsCompletedSuccessfully);
            throttle.Release();
            Assert.Equal(1, await StartedAsync(throttle));
        }
    }

    [Fact]
    public async Task One_call_remains_if_other_clients_write_much_and_each_is_followed_by_a_pause_of_its_length()
    {
        CallThrottle throttle = await StartAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        for (int call = 0; call < Members; call++)
        {
            Task pause = throttle.PauseAsync(First + 1000, Took, Stop);
            _time.Advance(Took - TimeSpan.FromMilliseconds(1));
            Assert.False(pause.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await pause;
            throttle.Release();
        }
        Assert.Equal(1, await StartedAsync(throttle));
    }

    [Fact]
    public async Task A_call_that_waits_for_programs_is_followed_by_a_short_pause()
    {
        CallThrottle throttle = await StartAsync();
        Task pause = throttle.PauseAsync(First + 1000, TimeSpan.FromSeconds(5), Stop);
        _time.Advance(Limits.Space.MaximumPause);
        await pause;
    }

    [Fact]
    public async Task A_few_writes_in_a_short_time_are_not_a_high_rate()
    {
        CallThrottle throttle = await StartAsync();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(throttle.PauseAsync(First + 4, Took, Stop).IsCompletedSuccessfully);
    }

    private async Task<CallThrottle> StartAsync()
    {
        var throttle = new CallThrottle(_time, Members, First);
        for (int call = 0; call < Members; call++)
            await throttle.WaitAsync(Stop);
        Assert.Equal(0, await StartedAsync(throttle));
        return throttle;
    }

    /// <summary>Starts calls until one has to wait, and returns their number.</summary>
    private static async Task<int> StartedAsync(CallThrottle throttle)
    {
        int started = 0;
        while (true)
        {
            using var end = new CancellationTokenSource();
            Task waiting = throttle.WaitAsync(end.Token);
            if (!waiting.IsCompletedSuccessfully)
            {
                await end.CancelAsync();
                await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return started;
            }
            started++;
        }
    }
}
