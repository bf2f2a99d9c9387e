using EtcdMaint.Engine.Safety;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Safety;

public sealed class MomentTests
{
    [Fact]
    public void Age_includes_time_in_which_the_monotonic_clock_was_stopped()
    {
        var time = new SuspendedTime();
        Moment moment = Moment.Now(time);
        time.Advance(TimeSpan.FromSeconds(2));
        time.Suspend(TimeSpan.FromMinutes(10));
        Assert.Equal(TimeSpan.FromSeconds(602), moment.Age);
    }

    [Fact]
    public void Age_does_not_shrink_when_the_wall_clock_is_set_back()
    {
        var time = new SuspendedTime();
        Moment moment = Moment.Now(time);
        time.Advance(TimeSpan.FromSeconds(2));
        time.Suspend(TimeSpan.FromMinutes(-10));
        Assert.Equal(TimeSpan.FromSeconds(2), moment.Age);
    }

    /// <summary>A suspended machine: the wall clock continues, the monotonic clock does not.</summary>
    private sealed class SuspendedTime : FakeTimeProvider
    {
        private TimeSpan _suspended;

        public void Suspend(TimeSpan time) => _suspended += time;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _suspended;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
