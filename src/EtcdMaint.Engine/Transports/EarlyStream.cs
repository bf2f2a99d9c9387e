namespace EtcdMaint.Engine.Transports;

/// <summary>
/// A stream that is opened before it is asked for, while its user gets ready: connecting takes the network's time, and
/// the first call of a process takes this machine's.
/// </summary>
internal sealed class EarlyStream : IDisposable
{
    private readonly CancellationTokenSource _unwanted = new();
    private Task<Stream>? _opening;

    public EarlyStream(Func<CancellationToken, Task<Stream>> open) => _opening = Task.Run(() => open(_unwanted.Token));

    /// <summary>The stream, or why there is none, once; null from then on.</summary>
    public Task<Stream>? TakeAsync(CancellationToken stop) =>
        Interlocked.Exchange(ref _opening, null) is { } opening ? FinishAsync(opening, stop) : null;

    public void Dispose()
    {
        _unwanted.Cancel();
        if (Interlocked.Exchange(ref _opening, null) is { } opening)
            _ = CloseAsync(opening);
    }

    private async Task<Stream> FinishAsync(Task<Stream> opening, CancellationToken stop)
    {
        using CancellationTokenRegistration cut = stop.Register(_unwanted.Cancel);
        return await opening.ConfigureAwait(false);
    }

    private static async Task CloseAsync(Task<Stream> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
            await opening.Result.DisposeAsync().ConfigureAwait(false);
    }
}
