namespace EtcdMaint.Engine.Transport.Tcp;

/// <summary>
/// A stream that is opened before it is needed. The connection is established while the caller is still preparing its
/// first call.
/// </summary>
internal sealed class PreconnectedStream : IDisposable
{
    private readonly CancellationTokenSource _unwanted = new();
    private Task<Stream>? _opening;

    public PreconnectedStream(Func<CancellationToken, Task<Stream>> open) =>
        _opening = Task.Run(() => open(_unwanted.Token));

    /// <summary>Returns the task that opens the stream. Later calls return null.</summary>
    public Task<Stream>? Take(CancellationToken cancellationToken)
    {
        Task<Stream>? opening = Interlocked.Exchange(ref _opening, null);
        if (opening is not null)
            cancellationToken.Register(_unwanted.Cancel);
        return opening;
    }

    public void Dispose()
    {
        _unwanted.Cancel();
        if (Interlocked.Exchange(ref _opening, null) is { } opening)
            _ = CloseAsync(opening);
    }

    private static async Task CloseAsync(Task<Stream> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
            await opening.Result.DisposeAsync().ConfigureAwait(false);
    }
}
