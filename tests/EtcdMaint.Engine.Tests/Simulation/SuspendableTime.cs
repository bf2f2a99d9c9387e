namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>
/// Simulated time as seen by one process that may be suspended: its clock continues, but its timers and the answers to
/// its calls are delivered only when it runs again.
/// </summary>
internal sealed class SuspendableTime(SimulatedTime time) : TimeProvider
{
    private TaskCompletionSource _running = Completed();

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(_ => _ = FireAsync(callback, state), null, dueTime, period);

    /// <summary>Completes when the process runs.</summary>
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
