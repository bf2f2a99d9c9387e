using System.Text.Json;
using EtcdMaint.Reports;

namespace EtcdMaint.SizeHistory;

/// <summary>Writes and reads the lines of a history, as docs/history-schema.json describes.</summary>
internal static class HistoryJson
{
    /// <summary>
    /// Increases when a name, type or meaning changes that programs rely on. Additions do not increase it.
    /// </summary>
    public const int SchemaVersion = 1;

    /// <summary>The characters with which every line begins, so that no other file is taken for a history.</summary>
    public const string Begin = "{\"recordType\":\"" + RecordType + "\",";

    private const string RecordType = "EtcdHistory";

    public static byte[] Write(HistoryRecord record)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("recordType", RecordType);
            json.WriteNumber("schemaVersion", SchemaVersion);
            json.WriteString("clusterName", record.ClusterName);
            json.WriteString("clusterId", record.ClusterId);
            json.WriteTime("startedAt", record.StartedAt);
            json.WriteTime("endedAt", record.EndedAt);
            json.WriteString("status", record.Status);
            json.WriteInteger("revision", record.Revision);
            json.WriteInteger("compactRevision", record.CompactRevision);
            json.WriteInteger("compactRevisionAfter", record.CompactRevisionAfter);
            json.WriteNumber("bytesReclaimed", record.Member.Sum(member => member.BytesReclaimed));
            json.WriteArray("members", record.Member, WriteMember);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <summary>Returns null if the line is damaged, or has a newer schema.</summary>
    public static HistoryRecord? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            return root.GetProperty("schemaVersion").GetInt32() > SchemaVersion
                ? null
                : new HistoryRecord
                {
                    ClusterName = root.GetProperty("clusterName").GetString() ?? "",
                    ClusterId = root.GetProperty("clusterId").GetString() ?? "",
                    StartedAt = root.GetProperty("startedAt").GetDateTimeOffset(),
                    EndedAt = Find(root, "endedAt")?.GetDateTimeOffset(),
                    Status = Find(root, "status")?.GetString(),
                    Revision = Integer(root, "revision"),
                    CompactRevision = Integer(root, "compactRevision"),
                    CompactRevisionAfter = Integer(root, "compactRevisionAfter"),
                    Member = [.. root.GetProperty("members").EnumerateArray().Select(ReadMember)],
                };
        }
        catch (Exception damage)
            when (damage is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static void WriteMember(Utf8JsonWriter json, HistoryMember member)
    {
        json.WriteString("memberId", member.MemberId);
        json.WriteString("memberName", member.MemberName);
        json.WriteInteger("quotaBytes", member.QuotaBytes);
        json.WriteNumber("dbSize", member.DbSize);
        json.WriteNumber("dbSizeInUse", member.DbSizeInUse);
        json.WriteInteger("dbSizeAfter", member.DbSizeAfter);
        json.WriteInteger("dbSizeInUseAfter", member.DbSizeInUseAfter);
        json.WriteBoolean("isDefragmented", member.IsDefragmented);
        json.WriteNumber("bytesReclaimed", member.BytesReclaimed);
    }

    private static HistoryMember ReadMember(JsonElement member) =>
        new()
        {
            MemberId = member.GetProperty("memberId").GetString() ?? "",
            MemberName = member.GetProperty("memberName").GetString() ?? "",
            QuotaBytes = Integer(member, "quotaBytes"),
            DbSize = member.GetProperty("dbSize").GetInt64(),
            DbSizeInUse = member.GetProperty("dbSizeInUse").GetInt64(),
            DbSizeAfter = Integer(member, "dbSizeAfter"),
            DbSizeInUseAfter = Integer(member, "dbSizeInUseAfter"),
            IsDefragmented = Find(member, "isDefragmented")?.GetBoolean() ?? false,
            BytesReclaimed = Integer(member, "bytesReclaimed") ?? 0,
        };

    private static long? Integer(JsonElement parent, string name) => Find(parent, name)?.GetInt64();

    private static JsonElement? Find(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind is not JsonValueKind.Null ? value : null;
}
