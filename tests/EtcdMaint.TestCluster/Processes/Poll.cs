namespace EtcdMaint.TestCluster;

/// <summary>Waits for a condition with frequent checks instead of long sleeps.</summary>
internal static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <exception cref="TimeoutException">The condition did not become true in time; <paramref name="what"/> completes
    /// the sentence "... did not happen".</exception>
    public static async Task UntilAsync(
        Func<CancellationToken, Task<bool>> condition,
        TimeSpan timeout,
        string what,
        CancellationToken cancellation
    )
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            while (!await condition(deadline.Token))
                await Task.Delay(Interval, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Within {timeout.TotalSeconds:0.#} s this did not happen: {what}.");
        }
    }

    public static Task UntilAsync(
        Func<bool> condition,
        TimeSpan timeout,
        string what,
        CancellationToken cancellation
    ) => UntilAsync(_ => Task.FromResult(condition()), timeout, what, cancellation);
}
