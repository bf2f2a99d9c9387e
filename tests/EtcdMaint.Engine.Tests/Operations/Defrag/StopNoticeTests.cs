using EtcdMaint.Engine.Operations.Defrag;
using EtcdMaint.Engine.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>After Ctrl+C the user is told at once, and then regularly, what the run is waiting for.</summary>
public sealed class StopNoticeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RunRecorder _observer = new();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public void A_stop_is_acknowledged_at_once_and_every_half_minute()
    {
        using StopNotice notice = Begin(TimeSpan.FromSeconds(70));
        Assert.Empty(_observer.Warnings);
        _stop.Cancel();
        Assert.Equal(
            "StopRequested: Stopping after m1 of prod, which cannot be interrupted: at most 70 s (-StopWaitSeconds).",
            Assert.Single(_observer.Warnings)
        );
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(
            "StopRequested: m1 of prod is still defragmenting. The run ends within 40 s.",
            _observer.Warnings[^1]
        );
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(
            "StopRequested: m1 of prod is still defragmenting. The run ends within 10 s.",
            _observer.Warnings[^1]
        );
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(3, _observer.Warnings.Count);
    }

    [Theory]
    [InlineData(5, "about 3 s, at most 300 s")]
    [InlineData(2, "at most 300 s")]
    [InlineData(3600, "at most 300 s")]
    public void The_first_notice_gives_the_predicted_rest_of_the_pause(double predicted, string expected)
    {
        using StopNotice notice = Begin(TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(predicted));
        _time.Advance(TimeSpan.FromSeconds(2.4));
        _stop.Cancel();
        Assert.Equal(
            $"StopRequested: Stopping after m1 of prod, which cannot be interrupted: {expected} (-StopWaitSeconds).",
            Assert.Single(_observer.Warnings)
        );
    }

    [Fact]
    public void Nothing_is_reported_once_the_member_has_finished()
    {
        StopNotice notice = Begin(TimeSpan.FromSeconds(300));
        _stop.Cancel();
        notice.Dispose();
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Single(_observer.Warnings);
    }

    [Fact]
    public void Nothing_is_reported_if_a_stop_does_not_wait()
    {
        using StopNotice notice = Begin(TimeSpan.Zero);
        _stop.Cancel();
        Assert.Empty(_observer.Warnings);
    }

    private StopNotice Begin(TimeSpan wait, TimeSpan predicted = default) =>
        new("m1 of prod", predicted, wait, _time, _observer, _stop.Token);
}
