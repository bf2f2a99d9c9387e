namespace EtcdMaint.Cmdlets;

/// <summary>Does the work of several clusters side by side; the failure of one does not end the others.</summary>
/// <param name="atOnce">How many clusters are worked on at a time.</param>
/// <param name="changes">Whether the work changes clusters; what is only read is shown cluster by cluster.</param>
internal sealed class ClusterRounds(int atOnce, bool changes)
{
    private readonly object _turn = new();

    public async Task RunAsync(
        IReadOnlyList<ClusterWork> works,
        Func<ClusterWork, IRunObserver, CancellationToken, Task> run,
        IRunObserver observer,
        CancellationToken stop)
    {
        if (works.Count == 1)
        {
            await RunOneAsync(works[0], run, observer, stop, isOnlyOne: true);
            return;
        }

        var throttle = new ClusterThrottle(atOnce);
        await (changes
            ? throttle.RunInTurnAsync(works, work => work.Connection, work => RunOneAsync(work, run, observer, stop), stop)
            : throttle.RunAsync(works, work => ProcessCost.Of(work.Connection), work => ReadOneAsync(work, run, observer, stop), stop));
    }

    private async Task ReadOneAsync(
        ClusterWork work, Func<ClusterWork, IRunObserver, CancellationToken, Task> run, IRunObserver observer, CancellationToken stop)
    {
        var batch = new ClusterBatch(observer, _turn);
        try
        {
            await RunOneAsync(work, run, batch, stop);
        }
        finally
        {
            batch.Release();
        }
    }

    /// <summary>
    /// What is wrong with one cluster never ends the cmdlet. An argument that cannot be used does, where it is the only one.
    /// </summary>
    private static async Task RunOneAsync(
        ClusterWork work,
        Func<ClusterWork, IRunObserver, CancellationToken, Task> run,
        IRunObserver observer,
        CancellationToken stop,
        bool isOnlyOne = false)
    {
        try
        {
            await run(work, observer, stop);
        }
        catch (EtcdException error) when (!isOnlyOne || !InputErrors.IsOfArgument(error))
        {
            observer.Fail(error);
        }
    }
}
