namespace EtcdMaint.Plans;

/// <summary>The request for the run of a plan. The plan decides about everything that it contains.</summary>
internal static class PlanRequest
{
    /// <param name="plan">The plan.</param>
    /// <param name="request">What the plan does not contain: time limits, and whether the run only plans.</param>
    public static MaintenanceRequest Of(EtcdMaintenancePlan plan, MaintenanceRequest request) =>
        request with
        {
            Plan = plan,
            SnapshotPath = plan.SnapshotPath,
            KeepRevisions = plan.KeepRevisions,
            KeepDuration = plan.KeepDuration,
            MaximumQuotaUsedRatio = plan.MaximumQuotaUsedRatio,
            Defrag = request.Defrag with
            {
                When = null,
                MinimumFragmentationRatio = plan.MinimumFragmentationRatio,
                MinimumFreeBytes = plan.MinimumFreeBytes,
                MaximumStall = plan.MaximumStallSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                MaximumLeaseLost = plan.MaximumLeaseLost,
                NotAfter = Earliest(plan.NotAfter, request.Defrag.NotAfter),
                Override = new HashSet<EtcdGate>(plan.Override),
            },
        };

    /// <summary>Returns the earlier end: the run can narrow the time of a plan, and cannot extend it.</summary>
    public static DateTimeOffset? Earliest(DateTimeOffset? ofPlan, DateTimeOffset? ofRun) =>
        ofPlan is null || ofRun < ofPlan ? ofRun ?? ofPlan : ofPlan;
}
