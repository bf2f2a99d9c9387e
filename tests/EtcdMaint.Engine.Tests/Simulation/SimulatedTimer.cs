namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>A timer of simulated time. Changing or disposing it invalidates what was scheduled before.</summary>
internal sealed class SimulatedTimer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
{
    private int _version;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        int version = Interlocked.Increment(ref _version);
        if (dueTime != Timeout.InfiniteTimeSpan)
            time.After(dueTime, () => Fire(version, period));
        return true;
    }

    public void Dispose() => Interlocked.Increment(ref _version);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Fire(int version, TimeSpan period)
    {
        if (version != Volatile.Read(ref _version))
            return;
        if (period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero)
            time.After(period, () => Fire(version, period));
        callback(state);
    }
}
