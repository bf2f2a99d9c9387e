namespace EtcdMaint.Engine.Runbook;

/// <summary>Limits the steps of a run to those of its plan. Without a plan, it limits nothing.</summary>
/// <param name="plan">The plan for the cluster; null for a run without a plan.</param>
internal sealed class PlannedSteps(EtcdClusterPlan? plan)
{
    /// <summary>Returns why the run omits the step, or null if it takes the step.</summary>
    public string? FindReasonToSkip(string step) =>
        plan is null || plan.Contains(step)
            ? null
            : NotInPlan(plan.Step.FirstOrDefault(planned => planned.Name == step)?.Reason);

    /// <summary>Returns why no member is defragmented, or null for a run without a plan.</summary>
    public string? FindReasonWithoutTurns() => plan is null ? null : "the plan defragments no member";

    /// <summary>Returns the members that the plan defragments, in its order.</summary>
    public IReadOnlyList<MemberTarget> Select(IReadOnlyList<MemberTarget> targets) =>
        plan is null
            ? targets
            :
            [
                .. Turns(plan)
                    .Select(member => targets.FirstOrDefault(t => t.Member.MemberId == member.MemberId))
                    .OfType<MemberTarget>(),
            ];

    /// <summary>Returns the rules for the members that the plan defragments.</summary>
    public DefragRequest Apply(DefragRequest rules) =>
        plan is null
            ? rules
            : rules with
            {
                KeepOrder = true,
                Decided = Turns(plan)
                    .Where(member => !member.IsDecidedLater)
                    .Select(member => HexId.TryParse(member.MemberId, out ulong id) ? id : 0)
                    .ToHashSet(),
            };

    /// <summary>Returns the rows of the voters that the plan does not defragment.</summary>
    public IEnumerable<EtcdDefragResult> LeaveOthers(IEnumerable<EtcdMemberStatus> members) =>
        plan is null
            ? []
            : members
                .Where(status => !status.IsLearner)
                .Select(status => (Status: status, Plan: plan.MemberPlan.First(m => m.MemberId == status.MemberId)))
                .Where(pair => pair.Plan.Status is not EtcdDefragStatus.Planned)
                .Select(pair => new EtcdDefragResult
                {
                    ClusterName = pair.Status.ClusterName,
                    ClusterId = pair.Status.ClusterId,
                    MemberId = pair.Status.MemberId,
                    MemberName = pair.Status.MemberName,
                    Endpoint = pair.Status.Endpoint,
                    Status = EtcdDefragStatus.Skipped,
                    Reason = NotInPlan(pair.Plan.Reason),
                    BytesBefore = pair.Status.DbSize,
                    WasLeader = pair.Status.IsLeader,
                    Member = pair.Status.Member,
                });

    private static string NotInPlan(string? why) => why is null ? "not in the plan" : $"not in the plan: {why}";

    private static IEnumerable<EtcdMemberPlan> Turns(EtcdClusterPlan plan) =>
        plan.MemberPlan.Where(member => member.Status is EtcdDefragStatus.Planned).OrderBy(member => member.Order);
}
