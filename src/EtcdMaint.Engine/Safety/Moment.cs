namespace EtcdMaint.Engine.Safety;

/// <summary>
/// A point in time whose age includes the time during which the machine was suspended. On Linux, the monotonic clock
/// stops then, and the wall clock can be set back, so the larger of both ages is used.
/// </summary>
internal readonly struct Moment
{
    private readonly TimeProvider _time;
    private readonly long _timestamp;
    private readonly DateTimeOffset _clock;

    private Moment(TimeProvider time)
    {
        _time = time;
        _timestamp = time.GetTimestamp();
        _clock = time.GetUtcNow();
    }

    public TimeSpan Age
    {
        get
        {
            TimeSpan monotonic = _time.GetElapsedTime(_timestamp);
            TimeSpan wall = _time.GetUtcNow() - _clock;
            return wall > monotonic ? wall : monotonic;
        }
    }

    public static Moment Now(TimeProvider time) => new(time);
}
