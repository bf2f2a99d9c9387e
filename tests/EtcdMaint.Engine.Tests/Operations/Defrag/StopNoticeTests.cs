using EtcdMaint.Engine.Operations.Defrag;
using EtcdMaint.Engine.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>After Ctrl+C the user learns at once what the run still waits for, and goes on learning it.</summary>
public sealed class StopNoticeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RunRecorder _observer = new();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public void Stop_is_answered_at_once_and_every_half_minute()
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
    public void Nothing_is_said_once_the_member_is_finished()
    {
        StopNotice notice = Begin(TimeSpan.FromSeconds(300));
        _stop.Cancel();
        notice.Dispose();
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Single(_observer.Warnings);
    }

    [Fact]
    public void Nothing_is_said_where_a_stop_does_not_wait()
    {
        using StopNotice notice = Begin(TimeSpan.Zero);
        _stop.Cancel();
        Assert.Empty(_observer.Warnings);
    }

    private StopNotice Begin(TimeSpan wait) => new("m1 of prod", wait, _time, _observer, _stop.Token);
}
