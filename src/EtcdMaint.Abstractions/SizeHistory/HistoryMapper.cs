namespace EtcdMaint.SizeHistory;

/// <summary>Converts reports and status rows to lines of a history.</summary>
internal static class HistoryMapper
{
    /// <summary>
    /// Returns null for a run that was only planned, that an earlier process did and recorded, or that read no member.
    /// </summary>
    public static HistoryRecord? FromReport(EtcdMaintenanceReport report)
    {
        EtcdMemberStatus[] members = [.. report.Before.Where(HasSizes)];
        if (report is { Status: EtcdMaintenanceStatus.Planned } or { IsResumed: true } || members.Length == 0)
            return null;
        return new HistoryRecord
        {
            ClusterName = report.ClusterName,
            ClusterId = report.ClusterId,
            StartedAt = report.StartedAt,
            EndedAt = report.StartedAt + report.Duration,
            Status = report.Status.ToString(),
            Revision = report.After.Concat(report.Before).Max(member => member.Revision),
            CompactRevision = report.CompactedRevisionBefore,
            CompactRevisionAfter = report.CompactedRevisionAfter,
            Member = [.. members.Select(member => FromReport(member, report))],
        };
    }

    /// <summary>Returns null if no member answered.</summary>
    public static HistoryRecord? FromStatus(IReadOnlyList<EtcdMemberStatus> rows, DateTimeOffset at)
    {
        EtcdMemberStatus[] members = [.. rows.Where(HasSizes)];
        return members.Length == 0
            ? null
            : new HistoryRecord
            {
                ClusterName = members[0].ClusterName,
                ClusterId = members[0].ClusterId,
                StartedAt = at,
                Revision = members.Max(member => member.Revision),
                Member = [.. members.Select(FromStatus)],
            };
    }

    private static bool HasSizes(EtcdMemberStatus member) => member is { DbSize: not null, DbSizeInUse: not null };

    private static HistoryMember FromReport(EtcdMemberStatus member, EtcdMaintenanceReport report)
    {
        EtcdMemberStatus? after = report.After.FirstOrDefault(row => row.MemberId == member.MemberId);
        EtcdDefragResult? defrag = report.Defrag.FirstOrDefault(row => row.MemberId == member.MemberId);
        return FromStatus(member) with
        {
            DbSizeAfter = after?.DbSize,
            DbSizeInUseAfter = after?.DbSizeInUse,
            IsDefragmented = defrag?.Status is EtcdDefragStatus.Defragmented,
            BytesReclaimed = defrag?.BytesReclaimed ?? 0,
        };
    }

    private static HistoryMember FromStatus(EtcdMemberStatus member) =>
        new()
        {
            MemberId = member.MemberId,
            MemberName = member.MemberName,
            QuotaBytes = member.QuotaBytes,
            DbSize = member.DbSize!.Value,
            DbSizeInUse = member.DbSizeInUse!.Value,
        };
}
