namespace EtcdMaint.Cmdlets;

/// <summary>Does the work of several clusters side by side; the failure of one does not end the others.</summary>
/// <param name="atOnce">How many clusters are worked on at a time.</param>
/// <param name="keepTogether">Whether one cluster's rows wait for each other, which keeps the output in blocks.</param>
internal sealed class ClusterRounds(int atOnce, bool keepTogether)
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
            await run(works[0], observer, stop);
            return;
        }

        using var places = new SemaphoreSlim(Math.Clamp(atOnce, 1, Math.Max(works.Count, 1)));
        await Task.WhenAll(works.Select(work => RunOneAsync(work, run, places, observer, stop)));
    }

    private async Task RunOneAsync(
        ClusterWork work,
        Func<ClusterWork, IRunObserver, CancellationToken, Task> run,
        SemaphoreSlim places,
        IRunObserver observer,
        CancellationToken stop)
    {
        await places.WaitAsync(stop);
        ClusterBatch? batch = keepTogether ? new ClusterBatch(observer, _turn) : null;
        try
        {
            await run(work, batch ?? observer, stop);
        }
        catch (EtcdException error)
        {
            (batch ?? observer).Fail(error);
        }
        finally
        {
            batch?.Release();
            places.Release();
        }
    }
}
