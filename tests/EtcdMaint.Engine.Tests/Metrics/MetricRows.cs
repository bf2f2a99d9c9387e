namespace EtcdMaint.Engine.Tests.Metrics;

/// <summary>Rows for the tests of metrics.</summary>
internal static class MetricRows
{
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 3, 0, 0, TimeSpan.FromHours(1));

    public static EtcdMemberStatus Member(
        string name,
        string id = "a1",
        string cluster = "prod",
        string clusterId = "c1"
    ) =>
        new()
        {
            ClusterName = cluster,
            ClusterId = clusterId,
            MemberId = id,
            MemberName = name,
            Version = "3.5.30",
            DbSize = 2_140_000_001,
            DbSizeInUse = 214_000_000,
            QuotaBytes = 8_000_000_000,
            IsLeader = true,
            Revision = 812_903,
            Alarm = [EtcdAlarmType.NoSpace],
            IsReachable = true,
            Latency = TimeSpan.FromMilliseconds(2.5),
        };

    /// <summary>A member that does not answer, of which only the identity is known.</summary>
    public static EtcdMemberStatus Silent(string name, string id) =>
        new()
        {
            ClusterName = "prod",
            ClusterId = "c1",
            MemberId = id,
            MemberName = name,
        };

    public static EtcdMaintenanceReport Report(
        EtcdMaintenanceStatus status,
        string cluster = "prod",
        string clusterId = "c1",
        params EtcdDefragResult[] defrag
    ) =>
        new()
        {
            ClusterName = cluster,
            ClusterId = clusterId,
            Status = status,
            StartedAt = Start,
            Duration = TimeSpan.FromSeconds(41.5),
            Before = [Member("etcd-1", cluster: cluster)],
            Defrag = defrag,
        };

    public static EtcdDefragResult Defrag(double? seconds, long after = 200_000_000) =>
        new()
        {
            Status = EtcdDefragStatus.Defragmented,
            BytesBefore = 2_000_000_000,
            BytesAfter = after,
            StartedAt = Start,
            Duration = seconds is { } known ? TimeSpan.FromSeconds(known) : null,
            WorstStall = TimeSpan.FromSeconds(0.04),
        };

    public static EtcdFinding Finding(string id, EtcdFindingSeverity severity) =>
        new() { FindingId = id, Severity = severity };
}
