namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Turns "stop" into "stop now": the member in hand is waited for, but not for ever. <see cref="Token"/> is cancelled
/// that much later than the stop.
/// </summary>
internal sealed class GracefulStop : IDisposable
{
    private readonly CancellationTokenSource _now = new();
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _timer;

    public GracefulStop(CancellationToken cancellationToken, TimeSpan wait, TimeProvider time)
    {
        _registration = cancellationToken.Register(() =>
            _timer = time.CreateTimer(_ => Cancel(), null, wait, Timeout.InfiniteTimeSpan)
        );
    }

    public CancellationToken Token => _now.Token;

    /// <summary>True when the wait is over and the work is not.</summary>
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
            // The work ended first.
        }
    }
}
