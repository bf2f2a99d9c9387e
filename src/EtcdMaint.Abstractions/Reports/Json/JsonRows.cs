using System.Text.Json;

namespace EtcdMaint.Reports;

/// <summary>
/// Writes the rows of a report as JSON: bytes as integers, durations in seconds, unknown values as null.
/// </summary>
internal static class JsonRows
{
    public static void WriteStep(Utf8JsonWriter json, EtcdMaintenanceStep step)
    {
        json.WriteString("name", step.Name);
        json.WriteString("status", step.Status.ToString());
        json.WriteString("reason", step.Reason);
        json.WriteTime("startedAt", step.StartedAt);
        json.WriteSeconds("durationSeconds", step.Duration);
    }

    public static void WriteMember(Utf8JsonWriter json, EtcdMemberStatus member)
    {
        WriteIdentity(json, member.MemberId, member.MemberName);
        json.WriteString("endpoint", member.Endpoint);
        json.WriteString("version", member.Version);
        json.WriteBoolean("isReachable", member.IsReachable);
        json.WriteBoolean("isLearner", member.IsLearner);
        json.WriteFlag("isLeader", member.IsLeader);
        json.WriteInteger("dbSize", member.DbSize);
        json.WriteInteger("dbSizeInUse", member.DbSizeInUse);
        json.WriteInteger("quotaBytes", member.QuotaBytes);
        json.WriteInteger("revision", member.Revision);
        json.WriteInteger("raftTerm", member.RaftTerm);
        json.WriteInteger("raftIndex", member.RaftIndex);
        json.WriteInteger("raftAppliedIndex", member.RaftAppliedIndex);
        json.WriteArray("alarms", member.Alarm.Select(alarm => alarm.ToString()));
        json.WriteString("leaderId", member.LeaderId);
        json.WriteString("storageVersion", member.StorageVersion);
        json.WriteSeconds("latencySeconds", member.Latency);
        json.WriteString("podName", member.PodName);
        json.WriteString("nodeName", member.NodeName);
        json.WriteArray("errors", member.Error);
    }

    public static void WriteSnapshot(Utf8JsonWriter json, EtcdSnapshot snapshot)
    {
        WriteIdentity(json, snapshot.MemberId, snapshot.MemberName);
        json.WriteString("path", snapshot.Path);
        json.WriteNumber("sizeBytes", snapshot.SizeBytes);
        json.WriteNumber("revision", snapshot.Revision);
        json.WriteString("sha256", snapshot.Sha256);
        json.WriteFlag("isProven", snapshot.IsProven);
        json.WriteTime("takenAt", snapshot.TakenAt);
        json.WriteSeconds("durationSeconds", snapshot.Duration);
    }

    public static void WriteCompaction(Utf8JsonWriter json, EtcdCompactionResult row)
    {
        WriteIdentity(json, row.MemberId, row.MemberName);
        json.WriteString("status", row.Status.ToString());
        json.WriteString("reason", row.Reason);
        json.WriteInteger("revision", row.Revision);
        json.WriteInteger("dbSize", row.DbSize);
        json.WriteInteger("dbSizeInUse", row.DbSizeInUse);
        json.WriteSeconds("durationSeconds", row.Duration);
        json.WriteString("endpoint", row.Endpoint);
    }

    public static void WriteDefrag(Utf8JsonWriter json, EtcdDefragResult row)
    {
        WriteIdentity(json, row.MemberId, row.MemberName);
        json.WriteString("status", row.Status.ToString());
        json.WriteString("reason", row.Reason);
        json.WriteInteger("bytesBefore", row.BytesBefore);
        json.WriteInteger("bytesAfter", row.BytesAfter);
        json.WriteTime("startedAt", row.StartedAt);
        json.WriteSeconds("predictedSeconds", row.PredictedDuration);
        json.WriteSeconds("durationSeconds", row.Duration);
        json.WriteFlag("wasLeader", row.WasLeader);
        json.WriteSeconds("worstStallSeconds", row.WorstStall);
        json.WriteSeconds("totalStallSeconds", row.TotalStall);
        json.WriteInteger("termChanges", row.TermChanges);
        json.WriteString("endpoint", row.Endpoint);
        json.WriteInteger("order", row.Order);
        json.WriteString("role", row.Role?.ToString());
        json.WriteInteger("bytesReclaimedMinimum", row.BytesReclaimedMinimum);
        json.WriteInteger("bytesReclaimedMaximum", row.BytesReclaimedMaximum);
    }

    public static void WriteAlarm(Utf8JsonWriter json, EtcdAlarm alarm)
    {
        WriteIdentity(json, alarm.MemberId, alarm.MemberName);
        json.WriteString("alarmType", alarm.AlarmType.ToString());
        json.WriteString("status", alarm.Status.ToString());
        json.WriteString("reason", alarm.Reason);
    }

    public static void WriteFinding(Utf8JsonWriter json, EtcdFinding finding)
    {
        json.WriteString("findingId", finding.FindingId);
        json.WriteString("severity", finding.Severity.ToString());
        json.WriteString("memberId", finding.MemberId);
        json.WriteString("memberName", finding.MemberName);
        json.WriteString("message", finding.Message);
        json.WriteString("recommendedAction", finding.RecommendedAction);
        json.WriteString("source", finding.Source);
    }

    public static void WriteHash(Utf8JsonWriter json, EtcdMemberHash hash)
    {
        WriteIdentity(json, hash.MemberId, hash.MemberName);
        json.WriteNumber("revision", hash.Revision);
        json.WriteNumber("compactRevision", hash.CompactRevision);
        json.WriteString("hash", hash.Hash);
    }

    public static void WriteLease(Utf8JsonWriter json, EtcdLease lease)
    {
        json.WriteString("namespace", lease.Namespace);
        json.WriteString("name", lease.Name);
        json.WriteString("holder", lease.Holder);
        json.WriteNumber("transitions", lease.Transitions);
        json.WriteTime("renewedAt", lease.RenewedAt);
    }

    public static void WriteLostLease(Utf8JsonWriter json, EtcdLostLease lease)
    {
        WriteIdentity(json, lease.MemberId, lease.MemberName);
        json.WriteString("namespace", lease.Namespace);
        json.WriteString("name", lease.Name);
        json.WriteString("holder", lease.Holder);
        json.WriteString("newHolder", lease.NewHolder);
        json.WriteNumber("transitions", lease.Transitions);
    }

    public static void WriteUsage(Utf8JsonWriter json, EtcdSpaceUsage row)
    {
        json.WriteString("prefix", row.Prefix);
        json.WriteString("resource", row.Resource);
        json.WriteNumber("keyCount", row.KeyCount);
        json.WriteInteger("bytes", row.Bytes);
        json.WriteBoolean("bytesAreExact", row.BytesAreExact);
        json.WriteRatio("share", row.Share);
        json.WriteString("namespace", row.Namespace);
        json.WriteRatio("bytesErrorRatio", row.BytesErrorRatio);
        json.WriteString("largestKey", row.LargestKey);
        json.WriteInteger("largestBytes", row.LargestBytes);
    }

    public static void WriteEvent(Utf8JsonWriter json, EtcdMaintenanceEvent told)
    {
        json.WriteTime("at", told.At);
        json.WriteBoolean("isWarning", told.IsWarning);
        json.WriteString("message", told.Message);
    }

    private static void WriteIdentity(Utf8JsonWriter json, string id, string name)
    {
        json.WriteString("memberId", id);
        json.WriteString("memberName", name);
    }
}
