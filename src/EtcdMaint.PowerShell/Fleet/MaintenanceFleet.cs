namespace EtcdMaint.Cmdlets;

/// <summary>
/// Maintains many clusters, some side by side. Once too many have failed, or the time is over, no further one starts;
/// each of those still gets its report.
/// </summary>
internal sealed class MaintenanceFleet(int atOnce, int failureLimit, DateTimeOffset? notAfter)
{
    private int _failures;

    public Task RunAsync(
        IReadOnlyList<EtcdConnection> connections, MaintenanceRequest request, IRunObserver observer, CancellationToken stop) =>
        Parallel.ForEachAsync(
            connections,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (connection, _) => await MaintainAsync(connection, request, observer, stop));

    private async Task MaintainAsync(
        EtcdConnection connection, MaintenanceRequest request, IRunObserver observer, CancellationToken stop)
    {
        if (WhyNot(stop) is { } reason)
        {
            observer.Emit(new EtcdMaintenanceReport
            {
                ClusterName = connection.ClusterName,
                ClusterId = connection.ClusterId ?? "",
                Status = EtcdMaintenanceStatus.NotAttempted,
                Reason = reason,
                StartedAt = DateTimeOffset.UtcNow,
            });
            return;
        }
        var watched = new FailureWatch(observer);
        await connection.Cluster.MaintainAsync(request, watched, stop);
        if (watched.HasFailed)
            Interlocked.Increment(ref _failures);
    }

    private string? WhyNot(CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return "the run was ended on request";
        if (Volatile.Read(ref _failures) >= failureLimit)
            return $"{_failures} of the clusters before it failed";
        return notAfter <= DateTimeOffset.UtcNow ? "the time given with -NotAfter is over" : null;
    }

    /// <summary>Passes everything on, and notices a report that says that its cluster failed.</summary>
    private sealed class FailureWatch(IRunObserver next) : IRunObserver
    {
        public bool HasFailed { get; private set; }

        public void Emit(object row)
        {
            HasFailed |= row is EtcdMaintenanceReport { Status: EtcdMaintenanceStatus.Failed };
            next.Emit(row);
        }

        public void Fail(EtcdException error) => next.Fail(error);

        public void Warn(string message) => next.Warn(message);

        public void Tell(string message) => next.Tell(message);

        public void Report(RunProgress progress) => next.Report(progress);

        public Task<bool> ConfirmAsync(string action, string target) => next.ConfirmAsync(action, target);
    }
}
