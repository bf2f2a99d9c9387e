using System.Diagnostics;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>The clock of this machine, which a test may set forward; timers keep their own pace.</summary>
internal sealed class SkippingClock : TimeProvider
{
    private long _skipped;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Skipped;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Skipped.TotalSeconds * Stopwatch.Frequency);

    private TimeSpan Skipped => new(Interlocked.Read(ref _skipped));

    public void Skip(TimeSpan time) => Interlocked.Add(ref _skipped, time.Ticks);
}
