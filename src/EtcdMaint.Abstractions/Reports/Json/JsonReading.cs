using System.Globalization;
using System.Text.Json;

namespace EtcdMaint.Reports;

/// <summary>
/// Reads single values in the JSON of a report. A value that earlier versions did not write is null. Each method throws
/// a <see cref="FormatException"/> for a value of another type.
/// </summary>
internal static class JsonReading
{
    public static T Known<T>(this JsonElement _, T? value, string name)
        where T : struct => value ?? throw Missing(name);

    public static string Text(this JsonElement json, string name) => json.TextOrNull(name) ?? throw Missing(name);

    public static string? TextOrNull(this JsonElement json, string name) =>
        json.Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.String ? value.GetString()
        : throw Wrong(name);

    public static T Name<T>(this JsonElement json, string name)
        where T : struct, Enum => ParseName<T>(json.Text(name), name);

    public static T? NameOrNull<T>(this JsonElement json, string name)
        where T : struct, Enum => json.TextOrNull(name) is { } text ? ParseName<T>(text, name) : null;

    public static DateTimeOffset? Time(this JsonElement json, string name) =>
        json.TextOrNull(name) is { } text
            ? DateTimeOffset.TryParseExact(
                text,
                JsonValues.TimeFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out DateTimeOffset time
            )
                ? time
                : throw Wrong(name)
            : null;

    public static TimeSpan? Seconds(this JsonElement json, string name)
    {
        if (json.Number(name) is not { } value)
            return null;
        // A double cannot hold most fractions of a second exactly.
        return value.TryGetDecimal(out decimal seconds) && Math.Abs(seconds) <= long.MaxValue / TimeSpan.TicksPerSecond
            ? TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond))
            : throw Wrong(name);
    }

    public static long? Integer(this JsonElement json, string name) =>
        json.Number(name) is not { } value ? null
        : value.TryGetInt64(out long number) ? number
        : throw Wrong(name);

    public static double? Ratio(this JsonElement json, string name) => json.Number(name)?.GetDouble();

    public static bool? Flag(this JsonElement json, string name) =>
        json.Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name);

    public static EtcdList<string> Texts(this JsonElement json, string name) =>
        json.List(name, item => item.ValueKind is JsonValueKind.String ? item.GetString()! : throw Wrong(name))
        ?? throw Missing(name);

    public static EtcdList<T> Names<T>(this JsonElement json, string name)
        where T : struct, Enum => [.. json.Texts(name).Select(text => ParseName<T>(text, name))];

    public static T? Row<T>(this JsonElement json, string name, Func<JsonElement, T> read)
        where T : class => json.Find(name) is { } row ? read(row) : null;

    public static EtcdList<T> Rows<T>(this JsonElement json, string name, Func<JsonElement, T> read) =>
        json.List(name, read) ?? throw Missing(name);

    public static EtcdList<T>? RowsOrNull<T>(this JsonElement json, string name, Func<JsonElement, T> read) =>
        json.List(name, read);

    private static EtcdList<T>? List<T>(this JsonElement json, string name, Func<JsonElement, T> read) =>
        json.Find(name) is not { } list ? null
        : list.ValueKind is JsonValueKind.Array ? [.. list.EnumerateArray().Select(read)]
        : throw Wrong(name);

    private static JsonElement? Number(this JsonElement json, string name) =>
        json.Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.Number ? value
        : throw Wrong(name);

    /// <summary>Returns null if the property is missing or null.</summary>
    private static JsonElement? Find(this JsonElement json, string name)
    {
        if (json.ValueKind is not JsonValueKind.Object)
            throw new FormatException("A row is not an object.");
        return json.TryGetProperty(name, out JsonElement value) && value.ValueKind is not JsonValueKind.Null
            ? value
            : null;
    }

    private static T ParseName<T>(string text, string name)
        where T : struct, Enum =>
        Array.IndexOf(Enum.GetNames<T>(), text) >= 0 ? Enum.Parse<T>(text) : throw Wrong(name);

    private static FormatException Missing(string name) => new($"The property {name} is missing.");

    private static FormatException Wrong(string name) => new($"The property {name} has a value that is not valid.");
}
