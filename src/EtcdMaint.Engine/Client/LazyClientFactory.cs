using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// Finds out the way in to one member, once for all calls that need it. It goes on when a call stops waiting, so that
/// over a slow link the next call finds it done, or nearly so. One that failed is begun anew by the next call.
/// </summary>
internal sealed class LazyClientFactory(
    MemberAddress place,
    Func<CallBudget, Task<IMemberClient>> open,
    TimeProvider time
) : IAsyncDisposable
{
    /// <summary>For all the commands that it takes together; each has the time of the call that began it.</summary>
    private static readonly TimeSpan WholeLimit = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The opening shall be the first to give up: it knows more of the reason than whoever waits for it.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly CancellationTokenSource _closed = new();
    private Task<IMemberClient>? _latest;
    private volatile bool _hasFailed;

    /// <summary>Null while there is none.</summary>
    public IMemberClient? Opened =>
        Volatile.Read(ref _latest) is { IsCompletedSuccessfully: true } done ? done.Result : null;

    /// <summary>
    /// Ends with the opening that is at work. One that comes after a failure is not worth anybody's waiting.
    /// </summary>
    public Task AtWork => _hasFailed ? Task.CompletedTask : Volatile.Read(ref _latest) ?? Task.CompletedTask;

    /// <exception cref="MemberCallException">The way in was not found, or not within the limit.</exception>
    public async Task<IMemberClient> GetAsync(CallBudget limit)
    {
        TimeSpan patience = limit.Timeout > TimeSpan.Zero ? limit.Timeout + Grace : Grace;
        try
        {
            return await Begin(limit.Timeout).WaitAsync(patience, time, limit.Stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw MemberCallException.Create(CallFailure.TimedOut, place, "the way to it was not open yet");
        }
    }

    /// <summary>The next call looks for the way in again.</summary>
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
                ? MemberCallException.Create(CallFailure.ConnectionLost, place, "the connection was closed")
                : MemberCallException.Create(CallFailure.TimedOut, place, "the way to it was not found in time");
        }
        catch
        {
            _hasFailed = true;
            throw;
        }
    }
}
