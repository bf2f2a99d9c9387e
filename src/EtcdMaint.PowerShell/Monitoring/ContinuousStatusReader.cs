using EtcdMaint.Fleet;
using EtcdMaint.Monitoring;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Reads the status of clusters again and again, until it is canceled. A reading begins an interval after the beginning
/// of the one before, or when that one has ended, so that two readings never overlap.
/// </summary>
internal sealed class ContinuousStatusReader(
    IReadOnlyList<ClusterWork> works,
    Func<ClusterWork, IRunObserver, CancellationToken, Task> read,
    TimeSpan interval
)
{
    private readonly (ClusterWork Work, StatusMonitor Monitor)[] _clusters =
    [
        .. works.Select(work => (work, new StatusMonitor(TimeProvider.System))),
    ];

    /// <summary>Reads and shows the status until the token is canceled.</summary>
    /// <param name="show">Shows a reading. The next one begins after it has ended.</param>
    /// <param name="cancellationToken">Ends the readings.</param>
    public async Task RunAsync(Func<IReadOnlyList<ClusterReading>, Task> show, CancellationToken cancellationToken)
    {
        while (_clusters.Length > 0)
        {
            long startedAt = TimeProvider.System.GetTimestamp();
            var readings = new ClusterReading[_clusters.Length];
            await new ClusterThrottle(int.MaxValue).RunAsync(
                Enumerable.Range(0, _clusters.Length),
                i => ProcessCost.Of(_clusters[i].Work.Connection),
                async i => readings[i] = await ReadAsync(_clusters[i].Work, _clusters[i].Monitor, cancellationToken),
                cancellationToken
            );
            await show(readings);
            TimeSpan rest = interval - TimeProvider.System.GetElapsedTime(startedAt);
            await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, cancellationToken);
        }
    }

    /// <summary>A reading that fails does not end the others, unless an argument cannot be used.</summary>
    private async Task<ClusterReading> ReadAsync(
        ClusterWork work,
        StatusMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        var observer = new StatusObserver();
        // In a fleet, the time limit of a cluster starts after the wait for its turn, and so does its reading.
        long startedAt = TimeProvider.System.GetTimestamp();
        try
        {
            await read(work, observer, cancellationToken);
        }
        catch (EtcdException error) when (!InputErrors.IsOfArgument(error))
        {
            observer.ReportError(error);
        }
        return new ClusterReading(
            work.Connection.ClusterName,
            monitor.Add(observer.Rows, startedAt),
            observer.Errors,
            observer.Warnings
        );
    }
}
