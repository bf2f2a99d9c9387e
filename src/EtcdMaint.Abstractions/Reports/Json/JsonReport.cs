using System.Text.Json;

namespace EtcdMaint.Reports;

/// <summary>Writes and reads one report as JSON, as <c>$defs/report</c> of docs/report-schema.json describes.</summary>
internal static class JsonReport
{
    public static void Write(Utf8JsonWriter json, EtcdMaintenanceReport report)
    {
        json.WriteString("clusterName", report.ClusterName);
        json.WriteString("clusterId", report.ClusterId);
        json.WriteInteger("ring", report.Ring);
        json.WriteString("status", report.Status.ToString());
        json.WriteString("reason", report.Reason);
        json.WriteBoolean("isResumed", report.IsResumed);
        json.WriteBoolean("changeBegan", report.ChangeBegan);
        json.WriteString("planId", report.PlanId);
        json.WriteTime("startedAt", report.StartedAt);
        json.WriteSeconds("durationSeconds", report.Duration);
        json.WriteNumber("bytesReclaimed", report.BytesReclaimed);
        json.WriteArray("errors", report.Error);
        json.WriteArray("steps", report.Step, JsonRows.WriteStep);
        json.WriteArray("membersBefore", report.Before, JsonRows.WriteMember);
        json.WriteArray("membersAfter", report.After, JsonRows.WriteMember);
        json.WritePropertyName("snapshot");
        if (report.Snapshot is null)
            json.WriteNullValue();
        else
            json.WriteObject(report.Snapshot, JsonRows.WriteSnapshot);
        json.WriteArray("compactions", report.Compaction, JsonRows.WriteCompaction);
        json.WriteArray("defrags", report.Defrag, JsonRows.WriteDefrag);
        json.WriteArray("alarms", report.Alarm, JsonRows.WriteAlarm);
        json.WriteArray("findingsBefore", report.FindingBefore, JsonRows.WriteFinding);
        json.WriteArray("findingsAfter", report.FindingAfter, JsonRows.WriteFinding);
        json.WriteArray("hashesBefore", report.HashBefore, JsonRows.WriteHash);
        json.WriteArray("hashesAfter", report.HashAfter, JsonRows.WriteHash);
        json.WriteArrayOrNull("leasesBefore", report.LeaseBefore, JsonRows.WriteLease);
        json.WriteArrayOrNull("leasesAfter", report.LeaseAfter, JsonRows.WriteLease);
        json.WriteArrayOrNull("leasesLost", report.LeaseLost, JsonRows.WriteLostLease);
        json.WriteArray("largestResources", report.LargestResource, JsonRows.WriteUsage);
        json.WriteArray("events", report.Event, JsonRows.WriteEvent);
    }

    /// <exception cref="FormatException">The JSON is not a report.</exception>
    public static EtcdMaintenanceReport Read(JsonElement json)
    {
        string clusterName = json.Text("clusterName");
        string clusterId = json.Text("clusterId");
        var rows = new JsonRowReader(clusterName, clusterId);
        return new EtcdMaintenanceReport
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            Ring = (int?)json.Integer("ring"),
            Status = json.Name<EtcdMaintenanceStatus>("status"),
            Reason = json.Text("reason"),
            IsResumed = json.Flag("isResumed") is true,
            ChangeBegan = json.Flag("changeBegan") is true,
            PlanId = json.TextOrNull("planId"),
            StartedAt = json.Known(json.Time("startedAt"), "startedAt"),
            Duration = json.Known(json.Seconds("durationSeconds"), "durationSeconds"),
            Error = json.Texts("errors"),
            Step = json.Rows("steps", rows.ReadStep),
            Before = json.Rows("membersBefore", rows.ReadMember),
            After = json.Rows("membersAfter", rows.ReadMember),
            Snapshot = json.Row("snapshot", rows.ReadSnapshot),
            Compaction = json.Rows("compactions", rows.ReadCompaction),
            Defrag = json.Rows("defrags", rows.ReadDefrag),
            Alarm = json.Rows("alarms", rows.ReadAlarm),
            FindingBefore = json.Rows("findingsBefore", rows.ReadFinding),
            FindingAfter = json.Rows("findingsAfter", rows.ReadFinding),
            HashBefore = json.Rows("hashesBefore", rows.ReadHash),
            HashAfter = json.Rows("hashesAfter", rows.ReadHash),
            LeaseBefore = json.RowsOrNull("leasesBefore", rows.ReadLease),
            LeaseAfter = json.RowsOrNull("leasesAfter", rows.ReadLease),
            LeaseLost = json.RowsOrNull("leasesLost", rows.ReadLostLease),
            LargestResource = json.RowsOrNull("largestResources", rows.ReadUsage) ?? [],
            Event = json.Rows("events", JsonRowReader.ReadEvent),
        };
    }
}
