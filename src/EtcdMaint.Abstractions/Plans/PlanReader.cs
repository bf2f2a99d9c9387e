using System.Text.Json;
using EtcdMaint.Reports;

namespace EtcdMaint.Plans;

/// <summary>
/// Reads the JSON of a plan. Values that follow from others, such as the sums of a cluster, are for readers of the file
/// and are calculated again.
/// </summary>
internal static class PlanReader
{
    /// <exception cref="KeyNotFoundException">The settings are missing.</exception>
    /// <exception cref="FormatException">A value is missing or invalid.</exception>
    public static EtcdMaintenancePlan ReadPlan(JsonElement json)
    {
        JsonElement settings = json.GetProperty("settings");
        return new EtcdMaintenancePlan
        {
            PlanId = json.Text("planId"),
            CreatedAt = json.Known(json.Time("createdAt"), "createdAt"),
            CreatedBy = json.Text("createdBy"),
            NotAfter = json.Time("notAfter"),
            SnapshotPath = settings.TextOrNull("snapshotPath"),
            KeepRevisions = settings.Known(settings.Integer("keepRevisions"), "keepRevisions"),
            KeepDuration = settings.Known(settings.Seconds("keepDurationSeconds"), "keepDurationSeconds"),
            MinimumFragmentationRatio = settings.Ratio("minimumFragmentationRatio"),
            MinimumFreeBytes = settings.Integer("minimumFreeBytes"),
            MaximumQuotaUsedRatio = settings.Known(settings.Ratio("maximumQuotaUsedRatio"), "maximumQuotaUsedRatio"),
            MaximumStallSeconds = settings.Ratio("maximumStallSeconds"),
            MaximumLeaseLost = (int?)settings.Integer("maximumLeaseLost"),
            Override = settings.Names<EtcdGate>("override"),
            Cluster = json.Rows("clusters", ReadCluster),
            Checksum = json.Text("checksum"),
        };
    }

    private static EtcdClusterPlan ReadCluster(JsonElement json)
    {
        string name = json.Text("clusterName");
        string id = json.Text("clusterId");
        return new EtcdClusterPlan
        {
            ClusterName = name,
            ClusterId = id,
            Status = json.Name<EtcdMaintenanceStatus>("status"),
            Reason = json.Text("reason"),
            Revision = json.Integer("revision"),
            CompactionRevision = json.Integer("compactionRevision"),
            Step = json.Rows("steps", ReadStep),
            MemberPlan = json.Rows("members", row => ReadMember(row) with { ClusterName = name, ClusterId = id }),
        };
    }

    private static EtcdStepPlan ReadStep(JsonElement json) =>
        new()
        {
            Name = json.Text("name"),
            Status = json.Name<EtcdMaintenanceStatus>("status"),
            Reason = json.Text("reason"),
        };

    private static EtcdMemberPlan ReadMember(JsonElement json) =>
        new()
        {
            MemberId = json.Text("memberId"),
            MemberName = json.Text("memberName"),
            Status = json.Name<EtcdDefragStatus>("status"),
            Reason = json.TextOrNull("reason"),
            Order = (int?)json.Integer("order"),
            IsDecidedLater = json.Known(json.Flag("isDecidedLater"), "isDecidedLater"),
            Role = json.Name<EtcdMemberRole>("role"),
            Version = json.TextOrNull("version"),
            IsReachable = json.Known(json.Flag("isReachable"), "isReachable"),
            DbSize = json.Integer("dbSize"),
            DbSizeInUse = json.Integer("dbSizeInUse"),
            QuotaBytes = json.Integer("quotaBytes"),
            Alarm = json.Names<EtcdAlarmType>("alarms"),
            PredictedDuration = json.Seconds("predictedSeconds"),
            BytesReclaimedMinimum = json.Integer("bytesReclaimedMinimum"),
            BytesReclaimedMaximum = json.Integer("bytesReclaimedMaximum"),
        };
}
