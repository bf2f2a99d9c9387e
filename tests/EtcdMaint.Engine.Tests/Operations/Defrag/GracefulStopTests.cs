using EtcdMaint.Engine.Operations.Defrag;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

public sealed class GracefulStopTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public void Without_a_stop_nothing_is_canceled()
    {
        using var wait = new GracefulStop(TimeSpan.FromSeconds(30), _time, _stop.Token);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(wait.Token.IsCancellationRequested);
    }

    [Fact]
    public void After_a_stop_the_work_has_the_given_time()
    {
        using var wait = new GracefulStop(TimeSpan.FromSeconds(30), _time, _stop.Token);
        _stop.Cancel();
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(wait.Token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(wait.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Reports_whether_the_time_or_the_work_ended_first()
    {
        using var wait = new GracefulStop(TimeSpan.FromSeconds(30), _time, _stop.Token);
        Assert.False(await wait.EndsFirstAsync(Task.CompletedTask));
        var work = new TaskCompletionSource();
        Task<bool> first = wait.EndsFirstAsync(work.Task);
        await _stop.CancelAsync();
        Assert.False(first.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(await first);
    }

    [Fact]
    public void A_stop_after_the_work_has_no_effect()
    {
        new GracefulStop(TimeSpan.Zero, _time, _stop.Token).Dispose();
        _stop.Cancel();
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_stop_before_the_wait_counts_too()
    {
        _stop.Cancel();
        using var wait = new GracefulStop(TimeSpan.FromSeconds(5), _time, _stop.Token);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(wait.Token.IsCancellationRequested);
    }
}
