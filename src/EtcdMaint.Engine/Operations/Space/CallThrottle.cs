using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// Limits the calls that are under way at the same time to one for each member. While other clients write much, it
/// limits them to one in all, and makes a pause after each.
/// </summary>
/// <param name="time">The time.</param>
/// <param name="members">The number of members that are read.</param>
/// <param name="revision">The revision at which the reads begin.</param>
internal sealed class CallThrottle(TimeProvider time, int members, long revision)
{
    private readonly SemaphoreSlim _calls = new(members);
    private readonly long _started = time.GetTimestamp();
    private int _additional = members - 1;
    private volatile bool _isBusy;

    public Task WaitAsync(CancellationToken cancellationToken) => _calls.WaitAsync(cancellationToken);

    /// <summary>Waits after a call as long as the call took, if other clients write much.</summary>
    /// <param name="newest">The newest revision, from the reply.</param>
    /// <param name="took">The time of the call.</param>
    /// <param name="cancellationToken">Ends the pause.</param>
    public Task PauseAsync(long newest, TimeSpan took, CancellationToken cancellationToken)
    {
        TimeSpan elapsed = time.GetElapsedTime(_started);
        TimeSpan counted = elapsed > Limits.Space.MinimumRateTime ? elapsed : Limits.Space.MinimumRateTime;
        _isBusy = newest - revision > Limits.Space.BusyWritesPerSecond * counted.TotalSeconds;
        if (!_isBusy)
            return Task.CompletedTask;
        return Task.Delay(took < Limits.Space.MaximumPause ? took : Limits.Space.MaximumPause, time, cancellationToken);
    }

    public void Release()
    {
        // A call that is not released can never start again, so one call remains.
        if (_isBusy && Interlocked.Decrement(ref _additional) >= 0)
            return;
        _calls.Release();
    }
}
