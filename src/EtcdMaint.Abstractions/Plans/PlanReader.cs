using System.Text.Json;

namespace EtcdMaint.Plans;

/// <summary>
/// Reads the JSON of a plan. Values that follow from others, such as the sums of a cluster, are for readers of the file
/// and are calculated again.
/// </summary>
internal static class PlanReader
{
    /// <exception cref="KeyNotFoundException">A property does not exist.</exception>
    /// <exception cref="InvalidOperationException">A value has the wrong type.</exception>
    /// <exception cref="FormatException">A value is invalid.</exception>
    public static EtcdMaintenancePlan ReadPlan(JsonElement json)
    {
        JsonElement settings = json.GetProperty("settings");
        return new EtcdMaintenancePlan
        {
            PlanId = Text(json, "planId"),
            CreatedAt = json.GetProperty("createdAt").GetDateTimeOffset(),
            CreatedBy = Text(json, "createdBy"),
            NotAfter = Find(json, "notAfter")?.GetDateTimeOffset(),
            SnapshotPath = Find(settings, "snapshotPath")?.GetString(),
            KeepRevisions = settings.GetProperty("keepRevisions").GetInt64(),
            KeepDuration = Seconds(settings.GetProperty("keepDurationSeconds")),
            MinimumFragmentationRatio = Find(settings, "minimumFragmentationRatio")?.GetDouble(),
            MinimumFreeBytes = Find(settings, "minimumFreeBytes")?.GetInt64(),
            MaximumQuotaUsedRatio = settings.GetProperty("maximumQuotaUsedRatio").GetDouble(),
            MaximumStallSeconds = Find(settings, "maximumStallSeconds")?.GetDouble(),
            MaximumLeaseLost = Find(settings, "maximumLeaseLost")?.GetInt32(),
            Override = [.. settings.GetProperty("override").EnumerateArray().Select(Value<EtcdGate>)],
            Cluster = [.. json.GetProperty("clusters").EnumerateArray().Select(ReadCluster)],
            Checksum = Text(json, "checksum"),
        };
    }

    private static EtcdClusterPlan ReadCluster(JsonElement json)
    {
        string name = Text(json, "clusterName");
        string id = Text(json, "clusterId");
        return new EtcdClusterPlan
        {
            ClusterName = name,
            ClusterId = id,
            Status = Value<EtcdMaintenanceStatus>(json.GetProperty("status")),
            Reason = Text(json, "reason"),
            Revision = Find(json, "revision")?.GetInt64(),
            CompactionRevision = Find(json, "compactionRevision")?.GetInt64(),
            Step = [.. json.GetProperty("steps").EnumerateArray().Select(ReadStep)],
            Member =
            [
                .. json.GetProperty("members")
                    .EnumerateArray()
                    .Select(ReadMember)
                    .Select(member => member with { ClusterName = name, ClusterId = id }),
            ],
        };
    }

    private static EtcdStepPlan ReadStep(JsonElement json) =>
        new()
        {
            Name = Text(json, "name"),
            Status = Value<EtcdMaintenanceStatus>(json.GetProperty("status")),
            Reason = Text(json, "reason"),
        };

    private static EtcdMemberPlan ReadMember(JsonElement json) =>
        new()
        {
            MemberId = Text(json, "memberId"),
            MemberName = Text(json, "memberName"),
            Status = Value<EtcdDefragStatus>(json.GetProperty("status")),
            Reason = Find(json, "reason")?.GetString(),
            Order = Find(json, "order")?.GetInt32(),
            IsDecidedLater = json.GetProperty("isDecidedLater").GetBoolean(),
            Role = Value<EtcdMemberRole>(json.GetProperty("role")),
            Version = Find(json, "version")?.GetString(),
            IsReachable = json.GetProperty("isReachable").GetBoolean(),
            DbSize = Find(json, "dbSize")?.GetInt64(),
            DbSizeInUse = Find(json, "dbSizeInUse")?.GetInt64(),
            QuotaBytes = Find(json, "quotaBytes")?.GetInt64(),
            Alarm = [.. json.GetProperty("alarms").EnumerateArray().Select(Value<EtcdAlarmType>)],
            PredictedDuration = Find(json, "predictedSeconds") is { } seconds ? Seconds(seconds) : null,
            BytesReclaimedMinimum = Find(json, "bytesReclaimedMinimum")?.GetInt64(),
            BytesReclaimedMaximum = Find(json, "bytesReclaimedMaximum")?.GetInt64(),
        };

    private static string Text(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null.");

    /// <summary>Returns null for an unknown value. A property that does not exist is an error.</summary>
    private static JsonElement? Find(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value : null;

    private static TimeSpan Seconds(JsonElement json) => TimeSpan.FromMilliseconds(Math.Round(1000 * json.GetDouble()));

    private static T Value<T>(JsonElement json)
        where T : struct, Enum =>
        Enum.TryParse(json.GetString(), out T value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"{json} is not a value of {typeof(T).Name}.");
}
