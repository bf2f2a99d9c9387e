using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using static EtcdMaint.EtcdMaintenanceStatus;

namespace EtcdMaint.Engine.Runbook;

/// <summary>
/// Decides, before anything is touched, whether the cluster is to be worked on: its owner's veto, its health, and
/// whether anything is worth it.
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
    /// <summary>Why maintenance is due; null when the run ends here. The report then says how.</summary>
    public async Task<string?> FindReasonAsync(
        EtcdHealthReport health,
        EtcdFinding? obstacle,
        CancellationToken cancellationToken
    )
    {
        // If no member answered, the key cannot be read either, and a read would take the time limit once more.
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
        if (await MaintenanceDuePolicy.EvaluateAsync(health, request.Defrag).ConfigureAwait(false) is { } reason)
        {
            if (obstacles.FindAgainstDefrag(health) is { } inTheWay)
                return Refuse(inTheWay, health);
            rows.LogVerbose($"{connection.ClusterName}: maintenance is due: {reason}.");
            return reason;
        }
        string nothing = $"no member would benefit: {MaintenanceDuePolicy.DescribeMost(health)}";
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
            // A cluster that is not worked on anyway; what is wrong with it is the better answer.
            return null;
        }
    }
}
