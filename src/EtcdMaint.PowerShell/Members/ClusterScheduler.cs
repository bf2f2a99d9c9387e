using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <summary>Runs the work of several clusters in parallel. A failure in one cluster does not end the others.</summary>
/// <param name="atOnce">The number of clusters to process at the same time.</param>
/// <param name="changes">Whether the work changes clusters. Output of work that only reads is grouped by
/// cluster.</param>
internal sealed class ClusterScheduler(int atOnce, bool changes)
{
    private readonly object _turn = new();

    public async Task RunAsync(
        IReadOnlyList<ClusterWork> works,
        Func<ClusterWork, IRunObserver, CancellationToken, Task> run,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        if (works.Count == 1)
        {
            await RunOneAsync(works[0], run, observer, cancellationToken, isOnlyOne: true);
            return;
        }

        var throttle = new ClusterThrottle(atOnce);
        await (
            changes
                ? throttle.RunInTurnAsync(
                    works,
                    work => work.Connection,
                    work => RunOneAsync(work, run, observer, cancellationToken),
                    cancellationToken
                )
                : throttle.RunAsync(
                    works,
                    work => ProcessCost.Of(work.Connection),
                    work => ReadOneAsync(work, run, observer, cancellationToken),
                    cancellationToken
                )
        );
    }

    private async Task ReadOneAsync(
        ClusterWork work,
        Func<ClusterWork, IRunObserver, CancellationToken, Task> run,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        var batch = new BufferingObserver(observer, _turn);
        try
        {
            await RunOneAsync(work, run, batch, cancellationToken);
        }
        finally
        {
            batch.Release();
        }
    }

    /// <summary>
    /// Reports an error of one cluster without ending the cmdlet. An invalid argument ends the cmdlet if there is only
    /// one cluster.
    /// </summary>
    private static async Task RunOneAsync(
        ClusterWork work,
        Func<ClusterWork, IRunObserver, CancellationToken, Task> run,
        IRunObserver observer,
        CancellationToken cancellationToken,
        bool isOnlyOne = false
    )
    {
        try
        {
            await run(work, observer, cancellationToken);
        }
        catch (EtcdException error) when (!isOnlyOne || !InputErrors.IsOfArgument(error))
        {
            observer.ReportError(error);
        }
    }
}
