using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Plans;
using static EtcdMaint.EtcdMaintenanceStatus;

namespace EtcdMaint.Engine.Runbook;

/// <summary>
/// Decides, before anything is changed, whether maintenance starts: the kill switch of the owner, the health of the
/// cluster, and whether any member would benefit, or whether the cluster is as its plan describes it.
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
    /// <param name="health">The result of the health check.</param>
    /// <param name="obstacle">The finding that prevents maintenance, or null.</param>
    /// <param name="plan">The plan for the cluster; null for a run without a plan.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<string?> FindReasonAsync(
        EtcdHealthReport health,
        EtcdFinding? obstacle,
        EtcdClusterPlan? plan,
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
        if (plan is not null && new PlanComparison(plan, health.MemberStatus).Describe() is { } changed)
            return LeaveOutdated(changed);
        if (obstacle is not null)
            return Refuse(obstacle, health);
        if (plan is not null)
            return FollowPlan(plan, health);
        if (request.Plan is not null)
        {
            reportBuilder.End(NotAttempted, "no member answered, so the cluster could not be found in the plan");
            return null;
        }
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

    /// <summary>Ends a run whose plan no longer applies.</summary>
    public string? LeaveOutdated(string changed)
    {
        EtcdException outdated = PlanErrors.Outdated(changed, connection.ClusterName);
        rows.ReportError(outdated);
        reportBuilder.End(NotAttempted, changed);
        return null;
    }

    private string? FollowPlan(EtcdClusterPlan plan, EtcdHealthReport health)
    {
        if (new PlanComparison(plan, health.MemberStatus).DescribeSilence() is { } silence)
            return LeaveOutdated(silence);
        if (plan.Status is NothingToDo)
        {
            reportBuilder.End(NothingToDo, $"the plan contains no change of this cluster: {plan.Reason}");
            return null;
        }
        if (plan.LongestPause is not null && obstacles.FindAgainstDefrag(health) is { } inTheWay)
            return Refuse(inTheWay, health);
        rows.LogVerbose($"{connection.ClusterName}: the cluster is as the plan describes it.");
        return plan.Reason;
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
