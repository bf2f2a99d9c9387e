namespace EtcdMaint.Plans;

/// <summary>
/// Makes a plan from the reports of runs that only planned, so that a plan and its run follow the same rules.
/// </summary>
internal static class PlanBuilder
{
    /// <param name="reports">A report for each cluster, of a run that only planned.</param>
    /// <param name="request">The settings of these runs.</param>
    /// <param name="notAfter">The end of the plan; null for none.</param>
    /// <param name="createdAt">The current time.</param>
    public static EtcdMaintenancePlan Build(
        IEnumerable<EtcdMaintenanceReport> reports,
        MaintenanceRequest request,
        DateTimeOffset? notAfter,
        DateTimeOffset createdAt
    )
    {
        var plan = new EtcdMaintenancePlan
        {
            PlanId = Guid.NewGuid().ToString("D"),
            CreatedAt = ToMilliseconds(createdAt),
            CreatedBy = $"{Environment.UserName}@{Environment.MachineName}",
            NotAfter = notAfter is { } end ? ToMilliseconds(end) : null,
            SnapshotPath = request.SnapshotPath,
            KeepRevisions = request.KeepRevisions,
            KeepDuration = ToMilliseconds(request.KeepDuration),
            MinimumFragmentationRatio = request.Defrag.MinimumFragmentationRatio,
            MinimumFreeBytes = request.Defrag.MinimumFreeBytes,
            MaximumQuotaUsedRatio = request.MaximumQuotaUsedRatio,
            MaximumStallSeconds = request.Defrag.MaximumStall?.TotalSeconds,
            MaximumLeaseLost = request.Defrag.MaximumLeaseLost,
            Override = [.. request.Defrag.Override.Order()],
            Cluster = [.. reports.Select(Cluster)],
        };
        return plan with { Checksum = PlanDocument.ChecksumOf(plan) };
    }

    private static EtcdClusterPlan Cluster(EtcdMaintenanceReport report)
    {
        EtcdDefragResult[] turns = [.. report.Defrag.Where(row => row.Status is EtcdDefragStatus.Planned)];
        return new EtcdClusterPlan
        {
            ClusterName = report.ClusterName,
            ClusterId = report.ClusterId,
            Status = report.Status,
            Reason = report.Reason,
            MemberPlan =
            [
                .. report
                    .Before.Select(status => Member(report, status, turns))
                    .OrderBy(member => member.Order ?? int.MaxValue)
                    .ThenBy(member => member.ToString(), StringComparer.Ordinal),
            ],
            Step =
            [
                .. report.Step.Select(step => new EtcdStepPlan
                {
                    Name = step.Name,
                    Status = step.Status,
                    Reason = step.Reason,
                }),
            ],
            Revision = report.Before.Max(member => member.Revision),
            CompactionRevision = report.Compaction.Max(row => row.Revision),
        };
    }

    private static EtcdMemberPlan Member(
        EtcdMaintenanceReport report,
        EtcdMemberStatus status,
        EtcdDefragResult[] turns
    )
    {
        // The rows of the emergency order come from several steps, and each step counts its own turns.
        int turn = Array.FindIndex(turns, row => row.MemberId == status.MemberId);
        EtcdDefragResult? row =
            turn >= 0 ? turns[turn] : report.Defrag.LastOrDefault(row => row.MemberId == status.MemberId);
        var member = new EtcdMemberPlan
        {
            ClusterName = report.ClusterName,
            ClusterId = report.ClusterId,
            MemberId = status.MemberId,
            MemberName = status.MemberName,
            Status = report.Status is EtcdMaintenanceStatus.Planned or EtcdMaintenanceStatus.NothingToDo
                ? EtcdDefragStatus.Skipped
                : EtcdDefragStatus.NotAttempted,
            Reason = row?.Reason,
            Role = status.Role,
            Version = status.Version,
            IsReachable = status.IsReachable,
            DbSize = status.DbSize,
            DbSizeInUse = status.DbSizeInUse,
            QuotaBytes = status.QuotaBytes,
            Alarm = status.Alarm,
        };
        return turn < 0 || row is null || report.Status is not EtcdMaintenanceStatus.Planned
            ? member
            : member with
            {
                Status = EtcdDefragStatus.Planned,
                Order = turn + 1,
                IsDecidedLater = row.BytesAfter is null,
                PredictedDuration = row.PredictedDuration is { } pause ? ToMilliseconds(pause) : null,
                BytesReclaimedMinimum = row.BytesReclaimedMinimum ?? row.BytesReclaimed,
                BytesReclaimedMaximum = row.BytesReclaimedMaximum ?? row.BytesReclaimed,
            };
    }

    /// <summary>The file of a plan has no finer times, and the object must be equal to the one from the file.</summary>
    private static DateTimeOffset ToMilliseconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    private static TimeSpan ToMilliseconds(TimeSpan span) =>
        TimeSpan.FromMilliseconds(Math.Round(span.TotalMilliseconds));
}
