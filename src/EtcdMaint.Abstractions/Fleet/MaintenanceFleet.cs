namespace EtcdMaint.Fleet;

/// <summary>
/// Maintains many clusters, some side by side. Once too many runs have failed after they began to change their cluster,
/// or the time is over, no further cluster starts; each of those still gets its report. A run that changed nothing, as
/// in a cluster that does not answer, says nothing about the other clusters. Nothing of a cluster is kept once its
/// report is out.
/// </summary>
internal sealed class MaintenanceFleet(int atOnce, int failureLimit, DateTimeOffset? notAfter, TimeProvider time)
{
    private readonly List<EtcdMaintenanceReport> _cut = [];

    private int _failures;

    /// <summary>Runs that a stop caught at work: when it comes, nobody reads reports any more.</summary>
    public IReadOnlyList<EtcdMaintenanceReport> Cut
    {
        get
        {
            lock (_cut)
                return [.. _cut];
        }
    }

    public Task RunAsync(
        IReadOnlyList<EtcdConnection> connections,
        MaintenanceRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    ) =>
        new ClusterThrottle(atOnce).RunInTurnAsync(
            connections,
            connection => connection,
            connection => MaintainAsync(connection, request, observer, cancellationToken),
            CancellationToken.None
        );

    private async Task MaintainAsync(
        EtcdConnection connection,
        MaintenanceRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        if (WhyNot(cancellationToken) is { } reason)
        {
            observer.Emit(WithoutRun(connection, EtcdMaintenanceStatus.NotAttempted, reason, time.GetUtcNow()));
            return;
        }
        var watch = new ReportCapturingObserver(observer);
        try
        {
            await connection.Cluster.MaintainAsync(request, watch, cancellationToken);
        }
        catch (Exception broken) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever went wrong with this cluster, the others must not lose their turn or their report.
            EtcdException error = broken as EtcdException ?? Unexpected(connection, broken);
            watch.Emit(
                WithoutRun(
                    connection,
                    EtcdMaintenanceStatus.Failed,
                    error.Message,
                    time.GetUtcNow(),
                    error,
                    watch.WasConfirmed
                )
            );
            watch.ReportError(error);
        }
        Judge(watch.Report, cancellationToken);
    }

    private void Judge(EtcdMaintenanceReport? report, CancellationToken cancellationToken)
    {
        if (report is { Status: EtcdMaintenanceStatus.Failed, ChangeBegan: true })
            Interlocked.Increment(ref _failures);
        if (report is null || !cancellationToken.IsCancellationRequested)
            return;
        lock (_cut)
            _cut.Add(report);
    }

    private string? WhyNot(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return "the run was ended on request";
        int failures = Volatile.Read(ref _failures);
        if (failures >= failureLimit)
            return failures == 1
                ? "a cluster before it failed (-FailureLimit)"
                : $"{failures} clusters before it failed (-FailureLimit)";
        return notAfter <= time.GetUtcNow() ? "the time given with -NotAfter is over" : null;
    }

    /// <summary>The report of a cluster that has none of its own.</summary>
    public static EtcdMaintenanceReport WithoutRun(
        EtcdConnection connection,
        EtcdMaintenanceStatus status,
        string reason,
        DateTimeOffset at,
        EtcdException? error = null,
        bool changeBegan = false
    ) =>
        new()
        {
            ClusterName = connection.ClusterName,
            ClusterId = connection.ClusterId ?? "",
            Status = status,
            Reason = reason,
            StartedAt = at,
            Error = error is null ? [] : [$"{error.ErrorId}: {error.Message}"],
            ChangeBegan = changeBegan,
        };

    private static EtcdException Unexpected(EtcdConnection connection, Exception broken) =>
        new(
            ErrorIds.UnexpectedError,
            EtcdErrorCategory.NotSpecified,
            $"The maintenance of {connection} broke off: {broken.Message}",
            "Check the members with Get-EtcdMemberStatus, and report this as a bug.",
            connection,
            broken
        );
}
