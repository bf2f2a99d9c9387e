namespace EtcdMaint.Fleet;

/// <summary>
/// Works on several clusters side by side, within two limits: the number of clusters that the user allows, and the
/// number of processes that this machine is to run for one call. A call over gRPC takes no process, so that it alone is
/// not limited by the second. The time limit of a call starts after the wait, and the members of one cluster never wait
/// for each other.
/// </summary>
/// <param name="atOnce">How many clusters are worked on at a time.</param>
internal sealed class ClusterThrottle(int atOnce)
{
    /// <summary>
    /// Eight clusters of three nodes over ssh. A client of ssh takes up to 10 MB and, while it logs in, a good part of
    /// a core; more of them at a time make each one slower, until calls exceed their time limit.
    /// </summary>
    public const int ProcessLimit = 48;

    private readonly SemaphoreSlim _clusters = new(atOnce);

    private readonly SemaphoreSlim _processes = new(ProcessLimit);

    private readonly SemaphoreSlim _queue = new(1);

    /// <param name="items">What stands for each cluster.</param>
    /// <param name="costOf">How many processes it may take; see <see cref="ProcessCost"/>.</param>
    /// <param name="run">The work.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RunAsync<T>(
        IEnumerable<T> items,
        Func<T, int> costOf,
        Func<T, Task> run,
        CancellationToken cancellationToken
    ) =>
        Task.WhenAll(
            items
                .Select(item => RunOneAsync(Math.Min(costOf(item), ProcessLimit), () => run(item), cancellationToken))
                .ToArray()
        );

    /// <summary>
    /// The same for work that changes clusters. Those that share an ID are taken in turn: they share the lock of this
    /// machine, and where nothing proved that they are two clusters, they may be one.
    /// </summary>
    public Task RunInTurnAsync<T>(
        IEnumerable<T> items,
        Func<T, EtcdConnection> connectionOf,
        Func<T, Task> run,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            items.GroupBy(item => (object?)connectionOf(item).ClusterId ?? connectionOf(item)),
            alike => alike.Max(item => ProcessCost.Of(connectionOf(item))),
            async alike =>
            {
                foreach (T item in alike)
                    await run(item);
            },
            cancellationToken
        );

    private async Task RunOneAsync(int processes, Func<Task> run, CancellationToken cancellationToken)
    {
        await _clusters.WaitAsync(cancellationToken);
        int taken = 0;
        try
        {
            if (processes > 0)
            {
                // One at a time: two that each had a half of what they need would wait for each other forever.
                await _queue.WaitAsync(cancellationToken);
                try
                {
                    for (; taken < processes; taken++)
                        await _processes.WaitAsync(cancellationToken);
                }
                finally
                {
                    _queue.Release();
                }
            }
            await run();
        }
        finally
        {
            if (taken > 0)
                _processes.Release(taken);
            _clusters.Release();
        }
    }
}
