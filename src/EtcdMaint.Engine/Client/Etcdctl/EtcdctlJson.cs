using System.Globalization;
using System.Text.Json;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// A value in the JSON output of etcdctl. Names differ in case and underscores between versions and messages
/// (<c>ResponseRange</c>, <c>response_range</c>), and zero values are omitted. IDs have 64 bits, so a double would
/// round them to the ID of another member.
/// </summary>
internal readonly struct EtcdctlJson
{
    private readonly JsonElement _element;

    private EtcdctlJson(JsonElement element) => _element = element;

    /// <summary>Reads the message in the output.</summary>
    /// <exception cref="JsonException">The output contains no message.</exception>
    public static EtcdctlJson Parse(string output)
    {
        using JsonDocument document = JsonDocument.Parse(FindMessage(output));
        return new EtcdctlJson(document.RootElement.Clone());
    }

    /// <summary>Reads the value at which the reader is, up to its end.</summary>
    public static EtcdctlJson Parse(ref Utf8JsonReader reader) => new(JsonElement.ParseValue(ref reader));

    /// <summary>Returns the last line with a message. A profile on the node may have printed text before it.</summary>
    /// <exception cref="JsonException">The output contains no message.</exception>
    public static ReadOnlyMemory<char> FindMessage(string output)
    {
        ReadOnlyMemory<char> rest = output.AsMemory();
        while (true)
        {
            int end = rest.Span.LastIndexOf('\n');
            ReadOnlyMemory<char> line = rest[(end + 1)..].Trim();
            if (!line.IsEmpty && line.Span[0] is '{' or '[')
                return line;
            if (end < 0)
                throw new JsonException("the output contains no JSON");
            rest = rest[..end];
        }
    }

    /// <summary>Whether the output contains a message or the beginning of one.</summary>
    public static bool IsBegunIn(string output) =>
        output
            .Split('\n', StringSplitOptions.TrimEntries)
            .Any(l => l.StartsWith("{\"", StringComparison.Ordinal) || l.StartsWith("[{\"", StringComparison.Ordinal));

    public EtcdctlJson this[string name]
    {
        get
        {
            if (_element.ValueKind is not JsonValueKind.Object)
                return default;
            foreach (JsonProperty property in _element.EnumerateObject())
                if (Plain(property.Name).Equals(name, StringComparison.OrdinalIgnoreCase))
                    return new EtcdctlJson(property.Value);
            return default;
        }
    }

    public bool Exists => _element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public IEnumerable<EtcdctlJson> Items =>
        _element.ValueKind is JsonValueKind.Array ? _element.EnumerateArray().Select(e => new EtcdctlJson(e)) : [];

    public string Text => _element.ValueKind is JsonValueKind.String ? _element.GetString()! : "";

    public bool IsTrue => _element.ValueKind is JsonValueKind.True;

    public byte[]? Bytes => _element.ValueKind is JsonValueKind.String ? _element.GetBytesFromBase64() : null;

    public ulong Unsigned =>
        _element.ValueKind switch
        {
            JsonValueKind.Number => _element.GetUInt64(),
            JsonValueKind.String => ulong.Parse(_element.GetString()!, NumberStyles.None, CultureInfo.InvariantCulture),
            _ => 0,
        };

    public long Signed =>
        _element.ValueKind switch
        {
            JsonValueKind.Number => _element.GetInt64(),
            JsonValueKind.String => long.Parse(
                _element.GetString()!,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture
            ),
            _ => 0,
        };

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal);
}
