namespace EtcdMaint.Fleet;

/// <summary>
/// Maintains many clusters, several of them in parallel. After the time limit, or after too many runs have failed that
/// had begun to change their cluster, no further cluster starts. Each cluster that does not start still has a report. A
/// run that changed nothing, for example because its cluster does not answer, does not count, because it gives no
/// information about the other clusters. The data of a cluster is released after its report is emitted.
/// </summary>
internal sealed class MaintenanceFleet(int atOnce, int failureLimit, DateTimeOffset? notAfter, TimeProvider time)
{
    private readonly List<(EtcdConnection Connection, EtcdMaintenanceReport Report)> _cut = [];

    private int _failures;

    /// <summary>
    /// The reports of runs that were active when the pipeline stopped. The pipeline no longer receives them.
    /// </summary>
    public IReadOnlyList<(EtcdConnection Connection, EtcdMaintenanceReport Report)> Cut
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
            observer.Emit(
                WithoutRun(
                    connection,
                    EtcdMaintenanceStatus.NotAttempted,
                    reason,
                    time.GetUtcNow(),
                    planId: request.Plan?.PlanId
                )
            );
            return;
        }
        var watch = new ReportCapturingObserver(observer);
        try
        {
            await connection.Cluster.MaintainAsync(request, watch, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception broken) when (!cancellationToken.IsCancellationRequested)
        {
            // An error of this cluster must not prevent the runs and reports of the other clusters.
            EtcdException error = broken as EtcdException ?? Unexpected(connection, broken);
            watch.Emit(
                WithoutRun(
                    connection,
                    EtcdMaintenanceStatus.Failed,
                    error.Message,
                    time.GetUtcNow(),
                    error,
                    watch.WasConfirmed,
                    request.Plan?.PlanId
                )
            );
            watch.ReportError(error);
        }
        Judge(connection, watch.Report, cancellationToken);
    }

    private void Judge(EtcdConnection connection, EtcdMaintenanceReport? report, CancellationToken cancellationToken)
    {
        if (report is { Status: EtcdMaintenanceStatus.Failed, ChangeBegan: true })
            Interlocked.Increment(ref _failures);
        if (report is null || !cancellationToken.IsCancellationRequested)
            return;
        lock (_cut)
            _cut.Add((connection, report));
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
        return notAfter <= time.GetUtcNow() ? "the time of -NotAfter has passed" : null;
    }

    /// <summary>Returns the report of a cluster on which no run took place.</summary>
    public static EtcdMaintenanceReport WithoutRun(
        EtcdConnection connection,
        EtcdMaintenanceStatus status,
        string reason,
        DateTimeOffset at,
        EtcdException? error = null,
        bool changeBegan = false,
        string? planId = null
    ) =>
        new()
        {
            ClusterName = connection.ClusterName,
            ClusterId = connection.ClusterId ?? "",
            Status = status,
            Reason = reason,
            PlanId = planId,
            StartedAt = at,
            Error = error is null ? [] : [$"{error.ErrorId}: {error.Message}"],
            ChangeBegan = changeBegan,
        };

    /// <summary>Returns the report of a cluster to which no connection could be made.</summary>
    public static EtcdMaintenanceReport Unreachable(UnreachableCluster failed, string? planId = null) =>
        new()
        {
            ClusterName = failed.ClusterName,
            Status = EtcdMaintenanceStatus.Unreachable,
            Reason = failed.Error.Message,
            PlanId = planId,
            StartedAt = failed.StartedAt,
            Duration = failed.Duration,
            Error = [$"{failed.Error.ErrorId}: {failed.Error.Message}"],
        };

    private static EtcdException Unexpected(EtcdConnection connection, Exception broken) =>
        new(
            ErrorIds.UnexpectedError,
            EtcdErrorCategory.NotSpecified,
            $"The maintenance of {connection} ended with an unexpected error: {broken.Message}",
            "Check the members with Get-EtcdMemberStatus, and report this as a bug.",
            connection,
            broken
        );
}
