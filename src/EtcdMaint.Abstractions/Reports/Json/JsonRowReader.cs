using System.Text.Json;

namespace EtcdMaint.Reports;

/// <summary>
/// Reads the rows of a report that <see cref="JsonRows"/> wrote. The JSON names the cluster only once. The member of a
/// row has no connection, so a cmdlet rejects it, as it rejects a row from a CLIXML file.
/// </summary>
internal sealed class JsonRowReader(string clusterName, string clusterId)
{
    public EtcdMaintenanceStep ReadStep(JsonElement json) =>
        new()
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            Name = json.Text("name"),
            Status = json.Name<EtcdMaintenanceStatus>("status"),
            Reason = json.Text("reason"),
            StartedAt = json.Known(json.Time("startedAt"), "startedAt"),
            Duration = json.Known(json.Seconds("durationSeconds"), "durationSeconds"),
        };

    public EtcdMemberStatus ReadMember(JsonElement json)
    {
        bool isLearner = json.Flag("isLearner") is true;
        return new EtcdMemberStatus
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            MemberId = json.Text("memberId"),
            MemberName = json.Text("memberName"),
            Endpoint = json.TextOrNull("endpoint"),
            Version = json.TextOrNull("version"),
            StorageVersion = json.TextOrNull("storageVersion"),
            DbSize = json.Integer("dbSize"),
            DbSizeInUse = json.Integer("dbSizeInUse"),
            QuotaBytes = json.Integer("quotaBytes"),
            IsLeader = json.Flag("isLeader"),
            LeaderId = json.TextOrNull("leaderId"),
            IsLearner = isLearner,
            RaftTerm = json.Integer("raftTerm"),
            RaftIndex = json.Integer("raftIndex"),
            RaftAppliedIndex = json.Integer("raftAppliedIndex"),
            Revision = json.Integer("revision"),
            Alarm = json.Names<EtcdAlarmType>("alarms"),
            Error = json.RowsOrNull("errors", error => error.GetString() ?? "") ?? [],
            IsReachable = json.Flag("isReachable") is true,
            Latency = json.Seconds("latencySeconds"),
            PodName = json.TextOrNull("podName"),
            NodeName = json.TextOrNull("nodeName"),
            Member = ReadIdentity(json, isLearner),
        };
    }

    public EtcdSnapshot ReadSnapshot(JsonElement json) =>
        new()
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            MemberId = json.Text("memberId"),
            MemberName = json.Text("memberName"),
            Path = json.Text("path"),
            SizeBytes = json.Known(json.Integer("sizeBytes"), "sizeBytes"),
            Revision = json.Known(json.Integer("revision"), "revision"),
            Sha256 = json.Text("sha256"),
            IsProven = json.Flag("isProven"),
            TakenAt = json.Known(json.Time("takenAt"), "takenAt"),
            Duration = json.Known(json.Seconds("durationSeconds"), "durationSeconds"),
            Member = ReadIdentity(json),
        };

    public EtcdCompactionResult ReadCompaction(JsonElement json) =>
        new()
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            MemberId = json.Text("memberId"),
            MemberName = json.Text("memberName"),
            Endpoint = json.TextOrNull("endpoint"),
            Status = json.Name<EtcdCompactionStatus>("status"),
            Reason = json.TextOrNull("reason"),
            Revision = json.Integer("revision"),
            DbSize = json.Integer("dbSize"),
            DbSizeInUse = json.Integer("dbSizeInUse"),
            Duration = json.Seconds("durationSeconds"),
            Member = ReadIdentity(json),
        };

    public EtcdDefragResult ReadDefrag(JsonElement json) =>
        new()
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            MemberId = json.Text("memberId"),
            MemberName = json.Text("memberName"),
            Endpoint = json.TextOrNull("endpoint"),
            Status = json.Name<EtcdDefragStatus>("status"),
            Reason = json.TextOrNull("reason"),
            Order = (int?)json.Integer("order"),
            BytesBefore = json.Integer("bytesBefore"),
            BytesAfter = json.Integer("bytesAfter"),
            BytesReclaimedMinimum = json.Integer("bytesReclaimedMinimum"),
            BytesReclaimedMaximum = json.Integer("bytesReclaimedMaximum"),
            StartedAt = json.Time("startedAt"),
            PredictedDuration = json.Seconds("predictedSeconds"),
            Duration = json.Seconds("durationSeconds"),
            WasLeader = json.Flag("wasLeader"),
            WorstStall = json.Seconds("worstStallSeconds"),
            TotalStall = json.Seconds("totalStallSeconds"),
            TermChanges = json.Integer("termChanges"),
            Member = ReadIdentity(json, json.NameOrNull<EtcdMemberRole>("role") is EtcdMemberRole.Learner),
        };

    public EtcdAlarm ReadAlarm(JsonElement json) =>
        new()
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            MemberId = json.Text("memberId"),
            MemberName = json.Text("memberName"),
            AlarmType = json.Name<EtcdAlarmType>("alarmType"),
            Status = json.Name<EtcdAlarmStatus>("status"),
            Reason = json.TextOrNull("reason"),
            Member = ReadIdentity(json),
        };

    public EtcdFinding ReadFinding(JsonElement json) =>
        new()
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            MemberId = json.TextOrNull("memberId"),
            MemberName = json.TextOrNull("memberName"),
            FindingId = json.Text("findingId"),
            Severity = json.Name<EtcdFindingSeverity>("severity"),
            Message = json.Text("message"),
            RecommendedAction = json.TextOrNull("recommendedAction"),
            Source = json.TextOrNull("source"),
        };

    public EtcdMemberHash ReadHash(JsonElement json) =>
        new()
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            MemberId = json.Text("memberId"),
            MemberName = json.Text("memberName"),
            Revision = json.Known(json.Integer("revision"), "revision"),
            CompactRevision = json.Known(json.Integer("compactRevision"), "compactRevision"),
            Hash = json.Text("hash"),
        };

    public EtcdLease ReadLease(JsonElement json) =>
        new()
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            Namespace = json.Text("namespace"),
            Name = json.Text("name"),
            Holder = json.TextOrNull("holder"),
            Transitions = (int)json.Known(json.Integer("transitions"), "transitions"),
            RenewedAt = json.Time("renewedAt"),
        };

    public EtcdLostLease ReadLostLease(JsonElement json) =>
        new()
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            MemberId = json.Text("memberId"),
            MemberName = json.Text("memberName"),
            Namespace = json.Text("namespace"),
            Name = json.Text("name"),
            Holder = json.Text("holder"),
            NewHolder = json.TextOrNull("newHolder"),
            Transitions = (int)json.Known(json.Integer("transitions"), "transitions"),
        };

    public EtcdSpaceUsage ReadUsage(JsonElement json) =>
        new()
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            Prefix = json.Text("prefix"),
            Resource = json.TextOrNull("resource"),
            Namespace = json.TextOrNull("namespace"),
            KeyCount = json.Known(json.Integer("keyCount"), "keyCount"),
            Bytes = json.Integer("bytes"),
            BytesAreExact = json.Flag("bytesAreExact") is true,
            BytesErrorRatio = json.Ratio("bytesErrorRatio"),
            LargestKey = json.TextOrNull("largestKey"),
            LargestBytes = json.Integer("largestBytes"),
            Share = json.Ratio("share"),
        };

    public static EtcdMaintenanceEvent ReadEvent(JsonElement json) =>
        new()
        {
            At = json.Known(json.Time("at"), "at"),
            IsWarning = json.Flag("isWarning") is true,
            Message = json.Text("message"),
        };

    private EtcdMember ReadIdentity(JsonElement json, bool isLearner = false) =>
        new()
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            MemberId = json.Text("memberId"),
            MemberName = json.Text("memberName"),
            Endpoint = json.TextOrNull("endpoint"),
            IsLearner = isLearner,
            PodName = json.TextOrNull("podName"),
            NodeName = json.TextOrNull("nodeName"),
        };
}
