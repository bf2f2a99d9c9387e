using System.Text.Json;

namespace EtcdMaint.Reports;

/// <summary>Writes a report as one line. Text is escaped, so a line contains only ASCII characters.</summary>
internal static class JsonLine
{
    /// <returns>The line with its line break.</returns>
    public static byte[] Render(EtcdMaintenanceReport report) => Render(report, JsonReport.Write);

    public static byte[] Render<T>(T row, Action<Utf8JsonWriter, T> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json, row);
            json.WriteEndObject();
        }
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }
}
