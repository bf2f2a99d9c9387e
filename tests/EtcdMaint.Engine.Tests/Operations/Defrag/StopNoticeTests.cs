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
            "StopRequested: the run ends after m1 of prod, which is finished and verified first. This "
                + "takes up to 70 s (-StopWaitSeconds).",
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

    private StopNotice Begin(TimeSpan wait) => new("m1 of prod", wait, _time, _observer, _stop.Token);
}
