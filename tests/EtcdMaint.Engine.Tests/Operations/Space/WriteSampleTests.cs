using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Operations.Space;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>The writes of each group in the time of a watch.</summary>
public sealed class WriteSampleTests
{
    private static readonly IReadOnlyList<KeyWrite> Begun = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryMember _first = new(new MemoryKeys([]), "m1");
    private readonly MemoryMember _second = new(new MemoryKeys([]), "m2");

    [Fact]
    public async Task Another_member_continues_and_the_time_between_does_not_count()
    {
        (WriteSample sample, Task run) = Start(CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, sample.Watched);
        await ReportAsync(_first, Begun);
        _time.Advance(TimeSpan.FromSeconds(4));
        await ReportAsync(_first, new KeyWrite[] { new("/a/1", 10), new("/b/1", 20), new("/a/2", 30) });
        await ReportAsync(_first, CallFailure.ConnectionLost);
        await UntilAsync(() => _second.Watches == 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromSeconds(4), sample.Watched);

        await ReportAsync(_second, Begun);
        _time.Advance(TimeSpan.FromSeconds(5));
        await ReportAsync(_second, new KeyWrite[] { new("/c/1", 1) });
        Assert.False(run.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await run.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.Equal(TimeSpan.FromSeconds(10), sample.Watched);
        Assert.Equal([("/a/", 2, 40), ("/b/", 1, 20), ("/c/", 1, 1)], sample.Groups.OrderBy(group => group.Prefix));
        Assert.Equal("/a/", sample.Groups[0].Prefix);
        Assert.Equal((1, 1), (_first.Watches, _second.Watches));
    }

    [Fact]
    public async Task A_watch_that_the_server_ends_is_continued_at_another_member()
    {
        (_, Task run) = Start(CancellationToken.None);
        await ReportAsync(_first, Begun);
        _first.Watched.Writer.Complete();
        await UntilAsync(() => _second.Watches == 1);
        _second.Watched.Writer.Complete();
        MemberCallException failed = await Assert.ThrowsAsync<MemberCallException>(() =>
            run.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)
        );
        Assert.Equal(CallFailure.ConnectionLost, failed.Failure);
        Assert.Equal((1, 1), (_first.Watches, _second.Watches));
    }

    [Fact]
    public async Task A_failure_that_all_members_would_report_ends_the_watch()
    {
        (_, Task run) = Start(CancellationToken.None);
        await _first.Watched.Writer.WriteAsync(CallFailure.PermissionDenied, Cancellation);
        await Assert.ThrowsAsync<MemberCallException>(() => run.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        Assert.Equal(0, _second.Watches);
    }

    [Fact]
    public async Task A_cancelled_watch_keeps_what_it_has_counted()
    {
        using var stop = new CancellationTokenSource();
        (WriteSample sample, Task run) = Start(stop.Token);
        await ReportAsync(_first, Begun);
        await ReportAsync(_first, new KeyWrite[] { new("/a/1", 10) });
        _time.Advance(TimeSpan.FromSeconds(3));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            run.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)
        );
        Assert.Equal([("/a/", 1, 10)], sample.Groups);
        Assert.Equal(TimeSpan.FromSeconds(3), sample.Watched);
    }

    private (WriteSample Sample, Task Run) Start(CancellationToken stop)
    {
        var sample = new WriteSample([_first.Resolved, _second.Resolved], _time, TimeSpan.FromSeconds(10));
        var limit = new CallBudget(TimeSpan.FromSeconds(10), stop);
        return (sample, sample.RunAsync(KeySpan.All, key => key[..3], limit));
    }

    /// <summary>Reports something, and waits until it was taken.</summary>
    private static async Task ReportAsync(MemoryMember member, object report)
    {
        int taken = member.Taken;
        await member.Watched.Writer.WriteAsync(report, Cancellation);
        await UntilAsync(() => member.Taken > taken);
    }

    private static Task UntilAsync(Func<bool> holds) =>
        TestCluster.Poll.UntilAsync(holds, TimeSpan.FromSeconds(10), "the watch continues", Cancellation);
}
