namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>
/// Simulated time as one process sees it that may be suspended: its clock goes on, but its timers and the answers to
/// its calls come through only when it runs again.
/// </summary>
internal sealed class SuspendableTime(SimulatedTime time) : TimeProvider
{
    private TaskCompletionSource _running = Completed();

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(_ => _ = FireAsync(callback, state), null, dueTime, period);

    /// <summary>Ends when the process runs.</summary>
    public Task WhenRunning() => _running.Task;

    public void Suspend()
    {
        if (_running.Task.IsCompleted)
            _running = new TaskCompletionSource();
    }

    public void Resume() => _running.TrySetResult();

    private async Task FireAsync(TimerCallback callback, object? state)
    {
        await _running.Task.ConfigureAwait(false);
        callback(state);
    }

    private static TaskCompletionSource Completed()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
