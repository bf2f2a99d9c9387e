namespace EtcdMaint.Engine.Safety;

/// <summary>Polls at an interval until a time limit has passed.</summary>
internal sealed class PollLoop(TimeProvider time, TimeSpan interval)
{
    private long _started = time.GetTimestamp();

    /// <summary>Time since the start, or since the last <see cref="Restart"/>.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>Starts the time limit again.</summary>
    public void Restart() => _started = time.GetTimestamp();

    /// <summary>Waits for one interval. Returns false at once if the time limit has passed.</summary>
    public async Task<bool> NextAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (Elapsed >= limit)
            return false;
        await Task.Delay(interval, time, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
