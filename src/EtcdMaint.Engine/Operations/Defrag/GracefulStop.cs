namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Delays a stop: the run waits for the current member, but not longer than the wait time. <see cref="Token"/> is
/// cancelled after the wait time.
/// </summary>
internal sealed class GracefulStop : IDisposable
{
    private readonly CancellationTokenSource _now = new();
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _timer;

    public GracefulStop(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        _registration = cancellationToken.Register(() =>
            _timer = time.CreateTimer(_ => Cancel(), null, wait, Timeout.InfiniteTimeSpan)
        );
    }

    public CancellationToken Token => _now.Token;

    /// <summary>Returns true if the wait time has passed and the work has not ended.</summary>
    public async Task<bool> EndsFirstAsync(Task work)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration _ = _now.Token.Register(over.SetResult);
        return await Task.WhenAny(work, over.Task).ConfigureAwait(false) == over.Task && !work.IsCompleted;
    }

    public void Dispose()
    {
        _registration.Dispose();
        _timer?.Dispose();
        _now.Dispose();
    }

    private void Cancel()
    {
        try
        {
            _now.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work has already ended.
        }
    }
}
