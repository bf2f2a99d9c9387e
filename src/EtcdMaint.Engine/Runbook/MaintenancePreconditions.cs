using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using static EtcdMaint.EtcdMaintenanceStatus;

namespace EtcdMaint.Engine.Runbook;

/// <summary>
/// Decides, before anything is changed, whether maintenance starts: the kill switch of the owner, the health of the
/// cluster, and whether any member would benefit.
/// </summary>
internal sealed class MaintenancePreconditions(
    ClusterContext context,
    EtcdConnection connection,
    MaintenanceRequest request,
    BlockingFindings obstacles,
    RecordingObserver rows,
    MaintenanceReportBuilder reportBuilder
)
{
    /// <summary>
    /// Returns why maintenance is due, or null if the run ends here. The report then contains the result.
    /// </summary>
    public async Task<string?> FindReasonAsync(
        EtcdHealthReport health,
        EtcdFinding? obstacle,
        CancellationToken cancellationToken
    )
    {
        // If no member answered, the key cannot be read either, and a read would use the time limit once more.
        if (
            health.MemberStatus.Length > 0
            && await ReadKillSwitchAsync(isSick: obstacle is not null, cancellationToken).ConfigureAwait(false)
                is { } disabled
        )
        {
            reportBuilder.End(Skipped, disabled);
            return null;
        }
        if (obstacle is not null)
            return Refuse(obstacle, health);
        if (await MaintenanceDuePolicy.EvaluateAsync(health, request).ConfigureAwait(false) is { } reason)
        {
            if (obstacles.FindAgainstDefrag(health) is { } inTheWay)
                return Refuse(inTheWay, health);
            rows.LogVerbose($"{connection.ClusterName}: maintenance is due because of {reason}.");
            return reason;
        }
        string nothing = $"no member would benefit; {MaintenanceDuePolicy.DescribeMost(health, request)}";
        rows.LogVerbose($"{connection.ClusterName}: {nothing}.");
        reportBuilder.End(NothingToDo, nothing);
        return null;
    }

    private string? Refuse(EtcdFinding finding, EtcdHealthReport health)
    {
        string? action =
            BlockingFindings.OverriddenBy(finding) is { } gate && !obstacles.AnyHolds(health)
                ? GateRefusal.Overridable(finding.RecommendedAction, gate)
                : finding.RecommendedAction;
        rows.ReportError(
            new EtcdException(
                finding.FindingId,
                EtcdErrorCategory.InvalidOperation,
                finding.Message,
                action,
                connection.ClusterName
            )
        );
        reportBuilder.End(Failed, finding.Message);
        return null;
    }

    private async Task<string?> ReadKillSwitchAsync(bool isSick, CancellationToken cancellationToken)
    {
        var limit = new CallBudget(request.CallTimeout, cancellationToken);
        try
        {
            return await KillSwitch
                .ReadAsync(await context.DiscoverAsync(limit).ConfigureAwait(false), limit)
                .ConfigureAwait(false);
        }
        catch (EtcdException) when (isSick)
        {
            // The run ends anyway, and the problem of the cluster is the more useful reason.
            return null;
        }
    }
}
