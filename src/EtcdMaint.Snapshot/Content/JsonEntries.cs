using System.Text.Json;

namespace EtcdMaint.Snapshot.Content;

/// <summary>The entries that etcd writes as JSON. Unknown properties belong to later releases.</summary>
internal static class JsonEntries
{
    private const int LongestEntry = 1024 * 1024;

    /// <summary>
    /// <c>membership.Member</c> (<c>etcdserver/api/membership/member.go</c>): id, peerURLs, isLearner, name,
    /// clientURLs.
    /// </summary>
    /// <returns>Null if it is damaged, or has another ID than its key.</returns>
    public static SnapshotMember? Member(ulong id, ReadOnlySpan<byte> json)
    {
        ulong ownId = 0;
        string name = "";
        bool isLearner = false;
        IReadOnlyList<string> peers = [];
        IReadOnlyList<string> clients = [];
        bool isIntact = TryReadObject(
            json,
            (string property, ref Utf8JsonReader reader) =>
            {
                switch (property)
                {
                    case "id":
                        ownId = reader.GetUInt64();
                        break;
                    case "name":
                        name = reader.GetString() ?? "";
                        break;
                    case "isLearner":
                        isLearner = reader.GetBoolean();
                        break;
                    case "peerURLs":
                        peers = Texts(ref reader);
                        break;
                    case "clientURLs":
                        clients = Texts(ref reader);
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }
        );
        return isIntact && ownId == id
            ? new SnapshotMember(ContentReader.HexId(id), name, peers, clients, isLearner)
            : null;
    }

    /// <summary>
    /// <c>version.DowngradeInfo</c> (<c>etcdserver/version/downgrade.go</c>): target-version, enabled.
    /// </summary>
    public static bool TryReadDowngrade(ReadOnlySpan<byte> json, out string? target)
    {
        string text = "";
        bool isEnabled = false;
        bool isIntact = TryReadObject(
            json,
            (string property, ref Utf8JsonReader reader) =>
            {
                if (property == "target-version")
                    text = reader.GetString() ?? "";
                else if (property == "enabled")
                    isEnabled = reader.GetBoolean();
                else
                    reader.Skip();
            }
        );
        target = isIntact && isEnabled ? text : null;
        return isIntact;
    }

    /// <summary>
    /// <c>raftpb.ConfState</c> (<c>schema/confstate.go</c>): voters, learners, voters_outgoing, learners_next,
    /// auto_leave.
    /// </summary>
    /// <returns>Null if it is damaged.</returns>
    public static SnapshotConfState? ConfState(ReadOnlySpan<byte> json)
    {
        var lists = new Dictionary<string, IReadOnlyList<string>>();
        bool isIntact = TryReadObject(
            json,
            (string property, ref Utf8JsonReader reader) =>
            {
                if (property is "voters" or "learners" or "voters_outgoing" or "learners_next")
                    lists[property] = Ids(ref reader);
                else
                    reader.Skip();
            }
        );
        return isIntact
            ? new SnapshotConfState(Of("voters"), Of("learners"), Of("voters_outgoing"), Of("learners_next"))
            : null;

        IReadOnlyList<string> Of(string property) => lists.GetValueOrDefault(property) ?? [];
    }

    private delegate void ReadProperty(string property, ref Utf8JsonReader value);

    private static bool TryReadObject(ReadOnlySpan<byte> json, ReadProperty read)
    {
        if (json.Length > LongestEntry)
            return false;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string property = reader.GetString()!;
                reader.Read();
                read(property, ref reader);
            }
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // Not JSON, a value of another type, or a number that is too large.
            return false;
        }
    }

    private static List<string> Texts(ref Utf8JsonReader reader)
    {
        var texts = new List<string>();
        if (reader.TokenType == JsonTokenType.Null)
            return texts;
        Require(reader.TokenType == JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            texts.Add(reader.GetString() ?? "");
        return texts;
    }

    private static List<string> Ids(ref Utf8JsonReader reader)
    {
        var ids = new List<string>();
        if (reader.TokenType == JsonTokenType.Null)
            return ids;
        Require(reader.TokenType == JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            ids.Add(ContentReader.HexId(reader.GetUInt64()));
        return ids;
    }

    private static void Require(bool isExpected)
    {
        if (!isExpected)
            throw new JsonException();
    }
}
