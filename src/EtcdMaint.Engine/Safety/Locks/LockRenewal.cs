namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>Renews a lock several times within its time to live, until it is disposed.</summary>
internal sealed class LockRenewal : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Task _work;

    public LockRenewal(Func<CancellationToken, Task> renew, TimeSpan timeToLive, TimeProvider time)
    {
        _work = RunAsync(renew, Interval(timeToLive), time);
    }

    public static TimeSpan Interval(TimeSpan timeToLive) => timeToLive / Limits.Locks.RenewalsInTimeToLive;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        _over.Dispose();
    }

    private async Task RunAsync(Func<CancellationToken, Task> renew, TimeSpan pause, TimeProvider time)
    {
        try
        {
            while (true)
            {
                await Task.Delay(pause, time, _over.Token).ConfigureAwait(false);
                await TryAsync(renew).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> renew)
    {
        try
        {
            await renew(_over.Token).ConfigureAwait(false);
        }
        catch (EtcdException)
        {
            // The next renewal may succeed. If none does, the proof before the next member fails.
        }
    }
}
