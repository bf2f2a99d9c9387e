using System.Collections.Concurrent;

namespace EtcdMaint.Fleet;

/// <summary>
/// Works on several clusters in parallel, within two limits: the number of clusters that the user allows, and the
/// number of processes that this machine runs for one call. A call over gRPC runs no process, so the second limit does
/// not apply to it. The time limit of a call starts after the wait. The members of one cluster never wait for each
/// other.
/// </summary>
/// <param name="atOnce">The number of clusters to process at the same time.</param>
internal sealed class ClusterThrottle(int atOnce)
{
    /// <summary>
    /// Enough for eight clusters of three nodes over ssh. An ssh client uses up to 10 MB and, during its login, much of
    /// a core. More clients at the same time slow each other down until calls exceed their time limit.
    /// </summary>
    public const int ProcessLimit = 48;

    /// <summary>
    /// The clusters that a cmdlet reads at the same time, because each member takes a socket and about 30 KB.
    /// </summary>
    public const int ReadLimit = 1024;

    private readonly SemaphoreSlim _processes = new(ProcessLimit);

    private readonly SemaphoreSlim _queue = new(1);

    /// <param name="items">One item for each cluster.</param>
    /// <param name="costOf">The number of processes that an item can use; see <see cref="ProcessCost"/>.</param>
    /// <param name="run">The work on one item.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RunAsync<T>(
        IEnumerable<T> items,
        Func<T, int> costOf,
        Func<T, Task> run,
        CancellationToken cancellationToken
    )
    {
        // The clusters that wait cost no task.
        var waiting = new ConcurrentQueue<T>(items);
        var failed = new ConcurrentQueue<Task>();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(atOnce, waiting.Count)).Select(_ => WorkAsync()).ToArray())
            .ConfigureAwait(false);
        await Task.WhenAll(failed).ConfigureAwait(false);

        async Task WorkAsync()
        {
            while (waiting.TryDequeue(out T? item))
            {
                Task work = RunOneAsync(item);
                await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!work.IsCompletedSuccessfully)
                    failed.Enqueue(work);
            }
        }

        Task RunOneAsync(T item) =>
            WithinLimitAsync(Math.Min(costOf(item), ProcessLimit), () => run(item), cancellationToken);
    }

    /// <summary>
    /// Does the same for work that changes clusters. Clusters that share an ID are processed one after another: they
    /// share the lock of this machine, and unless it is proven that they are two clusters, they can be one.
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
                    await run(item).ConfigureAwait(false);
            },
            cancellationToken
        );

    private async Task WithinLimitAsync(int processes, Func<Task> run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int taken = 0;
        try
        {
            if (processes > 0)
            {
                // One cluster at a time: two clusters that each hold half of the processes that they need would wait
                // for each other forever.
                await _queue.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    for (; taken < processes; taken++)
                        await _processes.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    _queue.Release();
                }
            }
            await run().ConfigureAwait(false);
        }
        finally
        {
            if (taken > 0)
                _processes.Release(taken);
        }
    }
}
