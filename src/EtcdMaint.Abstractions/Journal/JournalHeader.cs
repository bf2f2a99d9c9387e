using System.Text;
using System.Text.Json;
using EtcdMaint.Reports;

namespace EtcdMaint.Journal;

/// <summary>The first line of a journal.</summary>
internal static class JournalHeader
{
    private const string Kind = "EtcdMaintJournal";

    /// <summary>The beginning of every journal. A file that begins differently is never changed.</summary>
    private static readonly byte[] Beginning = Encoding.UTF8.GetBytes($$"""{"kind":"{{Kind}}",""");

    public static byte[] Render(DateTimeOffset createdAt) =>
        JsonLine.Render(
            createdAt,
            (json, at) =>
            {
                json.WriteString("kind", Kind);
                json.WriteNumber("schemaVersion", JsonDocumentWriter.SchemaVersion);
                json.WriteString("generator", ReportDocument.Generator);
                json.WriteTime("createdAt", at);
            }
        );

    /// <summary>Whether the bytes are the beginning of a header that was not written completely.</summary>
    public static bool IsBeginning(ReadOnlySpan<byte> bytes) =>
        bytes.Length <= Beginning.Length ? Beginning.AsSpan().StartsWith(bytes) : bytes.StartsWith(Beginning);

    /// <summary>Returns the schema version; null if the line is not a header.</summary>
    public static long? ReadVersion(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Text("kind") == Kind ? document.RootElement.Integer("schemaVersion") : null;
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException)
        {
            return null;
        }
    }
}
