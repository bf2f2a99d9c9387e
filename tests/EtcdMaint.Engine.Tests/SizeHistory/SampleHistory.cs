using EtcdMaint.SizeHistory;

namespace EtcdMaint.Engine.Tests.SizeHistory;

/// <summary>Lines of a history.</summary>
internal static class SampleHistory
{
    public static readonly DateTimeOffset Start = new(2026, 8, 1, 3, 0, 0, TimeSpan.Zero);

    /// <summary>The line of a status, with one member.</summary>
    public static HistoryRecord Status(
        double day,
        double dbSize,
        double? inUse = null,
        string cluster = "prod",
        string clusterId = "c1",
        string member = "etcd-1",
        long? quota = 2_000_000_000
    ) =>
        new()
        {
            ClusterName = cluster,
            ClusterId = clusterId,
            StartedAt = Start.AddDays(day),
            Revision = 1000 + (long)(24_000 * day),
            Member =
            [
                new HistoryMember
                {
                    MemberId = $"id-{member}",
                    MemberName = member,
                    QuotaBytes = quota,
                    DbSize = (long)dbSize,
                    DbSizeInUse = (long)(inUse ?? dbSize),
                },
            ],
        };

    /// <summary>The line of a run that defragmented the member.</summary>
    public static HistoryRecord Run(double day, double dbSize, double inUse, long? compacted, long? compactedAfter) =>
        Status(day, dbSize, inUse) with
        {
            EndedAt = Start.AddDays(day).AddMinutes(2),
            Status = "Succeeded",
            CompactRevision = compacted,
            CompactRevisionAfter = compactedAfter,
            Member =
            [
                Status(day, dbSize, inUse).Member[0] with
                {
                    DbSizeAfter = (long)inUse,
                    DbSizeInUseAfter = (long)inUse,
                    IsDefragmented = true,
                    BytesReclaimed = (long)(dbSize - inUse),
                },
            ],
        };
}
