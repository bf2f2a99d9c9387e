namespace EtcdMaint.PowerShell.Tests.Fixtures;

/// <summary>Rows as the engine creates them.</summary>
internal static class Samples
{
    public static EtcdMemberStatus Status(EtcdMember member) =>
        new()
        {
            ClusterName = member.ClusterName,
            ClusterId = member.ClusterId,
            MemberId = member.MemberId,
            MemberName = member.MemberName,
            Endpoint = member.Endpoint,
            PodName = member.PodName,
            NodeName = member.NodeName,
            Version = "3.5.30",
            DbSize = 2_100_000_000,
            DbSizeInUse = 25_000_000,
            QuotaBytes = 2_147_483_648,
            IsLeader = member.MemberName == "etcd-1",
            RaftTerm = 14,
            RaftIndex = 1_234_567_890,
            RaftAppliedIndex = 1_234_567_889,
            IsReachable = true,
            Alarm = member.MemberName == "etcd-2" ? [EtcdAlarmType.NoSpace] : [],
            Member = member,
        };

    public static EtcdMemberStatus Unreachable(EtcdMember member) =>
        new()
        {
            ClusterName = member.ClusterName,
            ClusterId = member.ClusterId,
            MemberId = member.MemberId,
            MemberName = member.MemberName,
            Member = member,
        };

    public static EtcdCompactionResult Compaction(MemberTarget target, bool planned, string? reason = null) =>
        new()
        {
            ClusterName = target.Member.ClusterName,
            ClusterId = target.Member.ClusterId,
            MemberId = target.Member.MemberId,
            MemberName = target.Member.MemberName,
            Status = planned ? EtcdCompactionStatus.Planned : EtcdCompactionStatus.Compacted,
            Reason = reason,
            Revision = 4711,
            DbSize = 2_100_000_000,
            DbSizeInUse = 25_000_000,
            Duration = TimeSpan.FromMilliseconds(340),
            Member = target.Member,
        };

    public static EtcdSnapshot Snapshot(EtcdMember member) =>
        new()
        {
            ClusterName = member.ClusterName,
            ClusterId = member.ClusterId,
            MemberId = member.MemberId,
            MemberName = member.MemberName,
            Path = "/var/backups/etcd/prod-20261123T030000Z.db",
            SizeBytes = 2_100_000_000,
            Revision = 4711,
            Duration = TimeSpan.FromSeconds(7.4),
            Member = member,
        };

    /// <summary>A cluster whose file reaches the quota, and whose live data does not.</summary>
    public static EtcdForecast Forecast(
        string reason = "The live data grew until 2026-11-01, and has not grown since."
    ) =>
        new()
        {
            ClusterName = "prod",
            ClusterId = "c1",
            MemberId = "8e11",
            MemberName = "etcd-1",
            Pattern = EtcdGrowthPattern.Burst,
            DaysToQuotaByFile = 31.4,
            DaysToQuotaByFileMinimum = 28.5,
            DaysToQuotaByFileMaximum = 36,
            NextRunDue = new DateTimeOffset(2026, 12, 4, 3, 0, 0, TimeSpan.Zero),
            Reason = reason,
            DbSize = 2_100_000_000,
            DbSizeInUse = 25_000_000,
            QuotaBytes = 2_147_483_648,
        };

    /// <summary>A snapshot that is damaged and older than the cluster.</summary>
    public static EtcdSnapshotReport SnapshotReport(string path = "/var/backups/etcd/prod-20261123T030000Z.db") =>
        new()
        {
            ClusterName = "prod",
            ClusterId = "c1",
            Path = path,
            SizeBytes = 2_100_000_000,
            Revision = 4711,
            CompactRevision = 4000,
            AgeRevisions = 289,
            KeyCount = 12345,
            RevisionCount = 13000,
            Hash = "0a1b2c3d",
            IsValid = false,
            DamageCount = 1,
            MemberId = ["8e11", "8e12"],
            MemberHash = [new EtcdMemberHash { MemberName = "etcd-1", Hash = "0a1b2c3d" }],
            Finding = [Finding(EtcdFindingSeverity.Error, "SnapshotPageIdMismatch", "Page 17 has another number.")],
        };

    /// <summary>Keys of Kubernetes, with estimated bytes.</summary>
    public static EtcdSpaceUsage Usage(string resource, string? ns, long bytes = 430_000_000, double? writes = null) =>
        new()
        {
            ClusterName = "prod",
            ClusterId = "c1",
            Prefix = $"/registry/{resource.Split('.')[0]}/{(ns is null ? "" : $"{ns}/")}",
            Resource = resource,
            Namespace = ns,
            KeyCount = 250_000,
            Bytes = bytes,
            BytesErrorRatio = 0.03,
            LargestKey = $"/registry/{resource.Split('.')[0]}/largest",
            LargestBytes = 900_000,
            Share = bytes / 1_000_000_000.0,
            WritesPerSecond = writes,
            BytesWrittenPerSecond = writes * 1_720,
            Command = $"kubectl get {resource}{(ns is null ? "" : $" -n {ns}")}",
        };

    /// <summary>Keys outside Kubernetes, whose values were all read.</summary>
    public static EtcdSpaceUsage UsageOf(string prefix, double? writes = null) =>
        new()
        {
            ClusterName = "prod",
            ClusterId = "c1",
            Prefix = prefix,
            KeyCount = 12,
            Bytes = 4_200,
            BytesAreExact = true,
            BytesErrorRatio = 0,
            Share = 0.02,
            WritesPerSecond = writes,
        };

    public static EtcdLease Lease(string name, string? holder = "etcd-1_0a5c") =>
        new()
        {
            ClusterName = "prod",
            Namespace = "kube-system",
            Name = name,
            Holder = holder,
            Transitions = 4,
            RenewedAt = new DateTimeOffset(2026, 11, 20, 3, 0, 0, TimeSpan.Zero),
        };

    public static EtcdLostLease LostLease(string name, string? newHolder = "etcd-2_77bd") =>
        new()
        {
            ClusterName = "prod",
            MemberName = "etcd-1",
            Namespace = "kube-system",
            Name = name,
            Holder = "etcd-1_0a5c",
            NewHolder = newHolder,
            Transitions = 5,
        };

    public static EtcdHealthReport Health(string cluster, params EtcdFinding[] findings) =>
        new() { ClusterName = cluster, Finding = findings };

    public static EtcdUpgradeReport Upgrade(string cluster, string to, IEnumerable<EtcdUpgradeCheck> notChecked) =>
        new()
        {
            ClusterName = cluster,
            From = "3.5.30",
            To = to,
            Order = ["etcd-2", "etcd-3", "etcd-1"],
            NotChecked = [.. notChecked],
        };

    public static EtcdFinding Finding(EtcdFindingSeverity severity, string id, string message, string? member = null) =>
        new()
        {
            ClusterName = "prod",
            Severity = severity,
            FindingId = id,
            Message = message,
            MemberName = member,
        };

    public static EtcdMaintenanceReport Report(
        string cluster,
        EtcdMaintenanceStatus status,
        string reason,
        params EtcdDefragResult[] defrag
    ) =>
        new()
        {
            ClusterName = cluster,
            Status = status,
            Reason = reason,
            Duration = TimeSpan.FromSeconds(75),
            Defrag = defrag,
        };

    public static EtcdMaintenancePlan Plan(params EtcdClusterPlan[] clusters) =>
        new()
        {
            PlanId = "1c2d3e4f-0000-4000-8000-5a6b7c8d9e0f",
            CreatedAt = new DateTimeOffset(2026, 11, 23, 9, 30, 0, TimeSpan.Zero),
            CreatedBy = "ann@ops-1",
            Cluster = clusters,
            Override = [EtcdGate.MemberDown],
        };

    public static EtcdClusterPlan ClusterPlan(
        string name,
        string id = "c1",
        EtcdMaintenanceStatus status = EtcdMaintenanceStatus.Planned,
        string reason = "205 MB of free pages on etcd-1, 57 % of its file"
    ) =>
        new()
        {
            ClusterName = name,
            ClusterId = id,
            Status = status,
            Reason = reason,
            MemberPlan = [MemberPlan(name)],
            Step = [new EtcdStepPlan { Name = "Defrag", Status = status }],
        };

    public static EtcdMemberPlan MemberPlan(string cluster, string? reason = null) =>
        new()
        {
            ClusterName = cluster,
            MemberId = "8e11",
            MemberName = "etcd-1",
            Status = EtcdDefragStatus.Planned,
            Reason = reason,
            Order = 1,
            Role = EtcdMemberRole.Leader,
            Alarm = [EtcdAlarmType.NoSpace],
            PredictedDuration = TimeSpan.FromSeconds(3.2),
            BytesReclaimedMinimum = 205_000_000,
            BytesReclaimedMaximum = 360_000_000,
        };
}
