using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;
using static EtcdMaint.EtcdMaintenanceStatus;

namespace EtcdMaint.Engine.Runbook;

/// <summary>
/// Checks the health of the cluster before and after maintenance, and waits for conditions that end without action.
/// </summary>
internal sealed class HealthStep(
    IEtcdCluster cluster,
    ClusterContext context,
    string clusterName,
    MaintenanceRequest request,
    RecordingObserver rows,
    MaintenanceReportBuilder reportBuilder
)
{
    /// <summary>Returns the last health report, and the finding that prevents maintenance.</summary>
    /// <param name="step">The name of the step in the report.</param>
    /// <param name="findObstacle">Returns the finding that prevents maintenance.</param>
    /// <param name="mayWait">Whether to wait for conditions that end without action.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public async Task<(EtcdHealthReport Health, EtcdFinding? Obstacle)> LookAsync(
        string step,
        Func<EtcdHealthReport, EtcdFinding?> findObstacle,
        bool mayWait,
        CancellationToken cancellationToken
    )
    {
        reportBuilder.Begin(step);
        var waiter = new AnnouncedWait(context.Time, rows, clusterName);
        try
        {
            while (true)
            {
                EtcdHealthReport health = await cluster
                    .CheckHealthAsync(request.CallTimeout, rows, cancellationToken)
                    .ConfigureAwait(false);
                EtcdFinding? obstacle = findObstacle(health);
                bool isWaiting =
                    obstacle is not null
                    && mayWait
                    && await waiter
                        .WaitAsync(
                            new WaitReason(obstacle.FindingId, obstacle.Wait, obstacle.Message),
                            GateWaitPolicy.InRunbook,
                            cancellationToken
                        )
                        .ConfigureAwait(false);
                if (isWaiting)
                    continue;
                reportBuilder.End(step, obstacle is null ? Succeeded : Failed, obstacle?.Message ?? Summary(health));
                return (health, obstacle);
            }
        }
        finally
        {
            waiter.End();
        }
    }

    /// <summary>
    /// The errors that do not prevent maintenance, in few words. The step itself succeeded, so it reports them as the
    /// result of the check.
    /// </summary>
    private static IEnumerable<string> Errors(EtcdHealthReport health) =>
        health
            .Finding.Where(f => f.Severity is EtcdFindingSeverity.Error)
            .Select(f => f.FindingId == BlockingFindings.NoSpace ? "NOSPACE is armed" : f.FindingId)
            .Distinct();

    private static string Summary(EtcdHealthReport health)
    {
        if (!health.IsHealthy)
            return $"checked: {string.Join(", ", Errors(health))}";
        int warnings = health.Finding.Count(f => f.Severity is EtcdFindingSeverity.Warning);
        return warnings == 0 ? "healthy" : $"healthy, with {warnings} {(warnings == 1 ? "warning" : "warnings")}";
    }
}
