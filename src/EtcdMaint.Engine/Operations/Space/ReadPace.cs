namespace EtcdMaint.Engine.Operations.Space;

/// <summary>Keeps the bytes that are read below a rate, by a pause before the next call.</summary>
internal sealed class ReadPace(TimeProvider time, long maximumBytesPerSecond)
{
    private readonly object _adding = new();

    /// <summary>The time at which all bytes so far have been read at the largest rate.</summary>
    private long _due = time.GetTimestamp();

    public void Add(long bytes)
    {
        long taken = (long)((double)bytes / maximumBytesPerSecond * time.TimestampFrequency);
        lock (_adding)
            _due = Math.Max(_due, time.GetTimestamp() - time.TimestampFrequency) + taken;
    }

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan left;
        lock (_adding)
            left = time.GetElapsedTime(time.GetTimestamp(), _due);
        return left > TimeSpan.Zero ? Task.Delay(left, time, cancellationToken) : Task.CompletedTask;
    }
}
