using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// Opens the connection to one member once for all calls that need it. The opening continues after a call stops
/// waiting, so over a slow link the next call finds it open or nearly open. After a failure, the next call starts
/// again.
/// </summary>
internal sealed class LazyClientFactory(
    MemberAddress place,
    Func<CallBudget, Task<IMemberClient>> open,
    TimeProvider time
) : IAsyncDisposable
{
    /// <summary>
    /// The limit for all commands of the opening together. Each command has the time limit of the call that started it.
    /// </summary>
    private static readonly TimeSpan WholeLimit = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The opening must time out first, because its error is more specific than the one of the waiting call.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly CancellationTokenSource _closed = new();
    private Task<IMemberClient>? _latest;
    private volatile bool _hasFailed;

    /// <summary>The open client, or null if there is none.</summary>
    public IMemberClient? Opened =>
        Volatile.Read(ref _latest) is { IsCompletedSuccessfully: true } done ? done.Result : null;

    /// <summary>
    /// Completes with the latest opening; null if there was none. Calls do not wait for an opening that follows a
    /// failure.
    /// </summary>
    public Task? AtWork => _hasFailed ? null : Volatile.Read(ref _latest);

    /// <exception cref="MemberCallException">The connection was not opened, or not within the time limit.</exception>
    public async Task<IMemberClient> GetAsync(CallBudget limit)
    {
        TimeSpan waitLimit = limit.Timeout > TimeSpan.Zero ? limit.Timeout + Grace : Grace;
        try
        {
            return await Begin(limit.Timeout).WaitAsync(waitLimit, time, limit.Stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw MemberCallException.Create(CallFailure.TimedOut, place, "the connection to it was not open yet");
        }
    }

    /// <summary>Makes the next call open the connection again.</summary>
    public void Forget(IMemberClient client)
    {
        lock (_gate)
        {
            if (Opened == client)
                _latest = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        Task<IMemberClient>? last;
        lock (_gate)
            last = _latest;
        if (last is null)
            return;
        await ((Task)last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Opened is { } client)
            await client.DisposeAsync().ConfigureAwait(false);
    }

    private Task<IMemberClient> Begin(TimeSpan timeout)
    {
        lock (_gate)
            return _latest is null or { IsCompleted: true, IsCompletedSuccessfully: false }
                ? _latest = OpenAsync(timeout)
                : _latest;
    }

    private async Task<IMemberClient> OpenAsync(TimeSpan timeout)
    {
        using var whole = new CancellationTokenSource(timeout > WholeLimit ? timeout : WholeLimit, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, whole.Token);
        try
        {
            over.Token.ThrowIfCancellationRequested();
            IMemberClient client = await open(new CallBudget(timeout, over.Token)).ConfigureAwait(false);
            _hasFailed = false;
            return client;
        }
        catch (OperationCanceledException)
        {
            _hasFailed = true;
            throw _closed.IsCancellationRequested
                ? MemberCallException.Create(CallFailure.ConnectionLost, place, "the connection has been closed")
                : MemberCallException.Create(
                    CallFailure.TimedOut,
                    place,
                    "the connection to it could not be opened in time"
                );
        }
        catch
        {
            _hasFailed = true;
            throw;
        }
    }
}
