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
            json.WriteArray("reports", reports, JsonReport.Write);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
