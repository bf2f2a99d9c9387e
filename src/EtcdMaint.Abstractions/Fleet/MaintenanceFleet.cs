using EtcdMaint.Journal;

namespace EtcdMaint.Fleet;

/// <summary>
/// Maintains many clusters, several of them in parallel. After the time limit, or after too many runs have failed that
/// had begun to change their cluster, no further cluster starts. After a failure in a ring, no later ring starts. Each
/// cluster that does not start still has a report. A run that changed nothing, for example because its cluster does not
/// answer, does not count for the limit of failures, because it gives no information about the other clusters. The data
/// of a cluster is released after its report is emitted.
/// </summary>
internal sealed class MaintenanceFleet(int atOnce, int failureLimit, DateTimeOffset? notAfter, TimeProvider time)
{
    private readonly List<(EtcdConnection Connection, EtcdMaintenanceReport Report)> _cut = [];

    private readonly RingPolicy _rings = new();

    private int _failures;

    /// <summary>Records the clusters that have ended; null for no journal.</summary>
    public MaintenanceJournal? Journal { get; init; }

    /// <summary>Whether a ring also starts after a failure in an earlier one, because nothing is changed.</summary>
    public bool IgnoresRings { get; init; }

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

    /// <summary>
    /// Takes the report of a cluster that this call does not maintain: the journal records it, and its failure counts.
    /// </summary>
    /// <exception cref="EtcdException">The journal cannot be written.</exception>
    public void Take(EtcdMaintenanceReport report)
    {
        Journal?.Append(report);
        Count(report);
    }

    /// <summary>Maintains the clusters ring by ring, and the clusters of one ring in parallel.</summary>
    public async Task RunAsync(
        IReadOnlyList<EtcdConnection> connections,
        MaintenanceRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        var throttle = new ClusterThrottle(atOnce);
        IRunObserver recorder = Journal is null ? observer : new JournalingObserver(observer, Journal);
        foreach (
            IGrouping<int?, EtcdConnection> ring in connections
                .GroupBy(connection => connection.Ring)
                .OrderBy(ring => RingPolicy.Order(ring.Key))
        )
            await throttle
                .RunInTurnAsync(
                    ring,
                    connection => connection,
                    connection => MaintainAsync(connection, request, recorder, cancellationToken),
                    CancellationToken.None
                )
                .ConfigureAwait(false);
    }

    private async Task MaintainAsync(
        EtcdConnection connection,
        MaintenanceRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        if (WhyNot(connection.Ring, cancellationToken) is { } reason)
        {
            EtcdMaintenanceReport left = WithoutRun(
                connection,
                EtcdMaintenanceStatus.NotAttempted,
                reason,
                time.GetUtcNow(),
                planId: request.Plan?.PlanId
            );
            Count(left);
            observer.Emit(left);
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
        Judge(connection, watch.Captured, cancellationToken);
    }

    private void Judge(EtcdConnection connection, EtcdMaintenanceReport? report, CancellationToken cancellationToken)
    {
        if (report is null)
            return;
        Count(report);
        if (!cancellationToken.IsCancellationRequested)
            return;
        lock (_cut)
            _cut.Add((connection, report));
    }

    private void Count(EtcdMaintenanceReport report)
    {
        if (report is { Status: EtcdMaintenanceStatus.Failed, ChangeBegan: true })
            Interlocked.Increment(ref _failures);
        _rings.Add(report);
    }

    private string? WhyNot(int? ring, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return "the run was ended on request";
        if (Journal?.Failure is not null)
            return "the journal could not be written (-ResumePath)";
        if (notAfter <= time.GetUtcNow())
            return "the time of -NotAfter has passed";
        if (!IgnoresRings && _rings.WhyNot(ring) is { } earlier)
            return earlier;
        int failures = Volatile.Read(ref _failures);
        if (failures < failureLimit)
            return null;
        return failures == 1
            ? "a cluster before it failed (-FailureLimit)"
            : $"{failures} clusters before it failed (-FailureLimit)";
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
            Ring = connection.Ring,
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
            Ring = failed.Ring,
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
