using System.Text.Json;
using EtcdMaint.Reports;

namespace EtcdMaint.Plans;

/// <summary>
/// Writes a plan as JSON, except its checksum. Names and types are written explicitly, so that a new property of an
/// object does not change the JSON by accident.
/// </summary>
internal static class PlanWriter
{
    /// <summary>Increases with every change, because a run must understand everything in a plan.</summary>
    public const int SchemaVersion = 1;

    public static void WritePlan(Utf8JsonWriter json, EtcdMaintenancePlan plan)
    {
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", SchemaVersion);
        json.WriteString("generator", ReportDocument.Generator);
        json.WriteString("planId", plan.PlanId);
        json.WriteTime("createdAt", plan.CreatedAt);
        json.WriteString("createdBy", plan.CreatedBy);
        json.WriteTime("notAfter", plan.NotAfter);
        json.WritePropertyName("settings");
        json.WriteObject(plan, WriteSettings);
        json.WriteArray("clusters", plan.Cluster, WriteCluster);
        json.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter json, EtcdMaintenancePlan plan)
    {
        json.WriteString("snapshotPath", plan.SnapshotPath);
        json.WriteNumber("keepRevisions", plan.KeepRevisions);
        json.WriteNumber("keepDurationSeconds", plan.KeepDuration.TotalSeconds);
        json.WriteNumberOrNull("minimumFragmentationRatio", plan.MinimumFragmentationRatio);
        json.WriteInteger("minimumFreeBytes", plan.MinimumFreeBytes);
        json.WriteNumber("maximumQuotaUsedRatio", plan.MaximumQuotaUsedRatio);
        json.WriteNumberOrNull("maximumStallSeconds", plan.MaximumStallSeconds);
        json.WriteInteger("maximumLeaseLost", plan.MaximumLeaseLost);
        json.WriteArray("override", plan.Override.Select(gate => gate.ToString()));
    }

    private static void WriteCluster(Utf8JsonWriter json, EtcdClusterPlan cluster)
    {
        json.WriteString("clusterName", cluster.ClusterName);
        json.WriteString("clusterId", cluster.ClusterId);
        json.WriteString("status", cluster.Status.ToString());
        json.WriteString("reason", cluster.Reason);
        json.WriteString("leader", cluster.Leader);
        json.WriteInteger("revision", cluster.Revision);
        json.WriteInteger("compactionRevision", cluster.CompactionRevision);
        json.WriteNumber("bytesReclaimedMinimum", cluster.BytesReclaimedMinimum);
        json.WriteNumber("bytesReclaimedMaximum", cluster.BytesReclaimedMaximum);
        json.WriteSeconds("longestPauseSeconds", cluster.LongestPause);
        json.WriteSeconds("totalPauseSeconds", cluster.TotalPause);
        json.WriteArray("steps", cluster.Step, WriteStep);
        json.WriteArray("members", cluster.MemberPlan, WriteMember);
    }

    private static void WriteStep(Utf8JsonWriter json, EtcdStepPlan step)
    {
        json.WriteString("name", step.Name);
        json.WriteString("status", step.Status.ToString());
        json.WriteString("reason", step.Reason);
    }

    private static void WriteMember(Utf8JsonWriter json, EtcdMemberPlan member)
    {
        json.WriteString("memberId", member.MemberId);
        json.WriteString("memberName", member.MemberName);
        json.WriteString("status", member.Status.ToString());
        json.WriteString("reason", member.Reason);
        json.WriteInteger("order", member.Order);
        json.WriteBoolean("isDecidedLater", member.IsDecidedLater);
        json.WriteString("role", member.Role.ToString());
        json.WriteString("version", member.Version);
        json.WriteBoolean("isReachable", member.IsReachable);
        json.WriteInteger("dbSize", member.DbSize);
        json.WriteInteger("dbSizeInUse", member.DbSizeInUse);
        json.WriteInteger("quotaBytes", member.QuotaBytes);
        json.WriteArray("alarms", member.Alarm.Select(alarm => alarm.ToString()));
        json.WriteSeconds("predictedSeconds", member.PredictedDuration);
        json.WriteInteger("bytesReclaimedMinimum", member.BytesReclaimedMinimum);
        json.WriteInteger("bytesReclaimedMaximum", member.BytesReclaimedMaximum);
    }
}
