using System.Text.Json;

namespace EtcdMaint.Reports;

/// <summary>
/// Writes reports as JSON, as docs/report-schema.json describes. Names and types are written explicitly, so that a new
/// property of an object does not change the JSON by accident.
/// </summary>
internal static class JsonDocumentWriter
{
    /// <summary>
    /// Increases when a name, type or meaning changes that programs rely on. Additions do not increase it.
    /// </summary>
    public const int SchemaVersion = 1;

    public static byte[] Render(IReadOnlyList<EtcdMaintenanceReport> reports, DateTimeOffset createdAt)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", SchemaVersion);
            json.WriteString("generator", ReportDocument.Generator);
            json.WriteTime("createdAt", createdAt);
            json.WriteArray("reports", reports, WriteReport);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void WriteReport(Utf8JsonWriter json, EtcdMaintenanceReport report)
    {
        json.WriteString("clusterName", report.ClusterName);
        json.WriteString("clusterId", report.ClusterId);
        json.WriteString("status", report.Status.ToString());
        json.WriteString("reason", report.Reason);
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
}
