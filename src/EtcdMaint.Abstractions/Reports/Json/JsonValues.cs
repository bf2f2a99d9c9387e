using System.Globalization;
using System.Text.Json;

namespace EtcdMaint.Reports;

/// <summary>Writes single values in the JSON of a report.</summary>
internal static class JsonValues
{
    /// <summary>Times are in UTC.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteString(name, known.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        else
            json.WriteNull(name);
    }

    public static void WriteSeconds(this Utf8JsonWriter json, string name, TimeSpan? duration)
    {
        if (duration is { } known)
            json.WriteNumber(name, Math.Round(known.TotalSeconds, 3));
        else
            json.WriteNull(name);
    }

    public static void WriteInteger(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }

    public static void WriteRatio(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
            json.WriteNumber(name, Math.Round(known, 4));
        else
            json.WriteNull(name);
    }

    /// <summary>Writes a setting, with all its digits.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }

    public static void WriteFlag(this Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } known)
            json.WriteBoolean(name, known);
        else
            json.WriteNull(name);
    }

    public static void WriteArray(this Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    public static void WriteArray<T>(
        this Utf8JsonWriter json,
        string name,
        IEnumerable<T> rows,
        Action<Utf8JsonWriter, T> write
    )
    {
        json.WriteStartArray(name);
        foreach (T row in rows)
            json.WriteObject(row, write);
        json.WriteEndArray();
    }

    public static void WriteArrayOrNull<T>(
        this Utf8JsonWriter json,
        string name,
        IEnumerable<T>? rows,
        Action<Utf8JsonWriter, T> write
    )
    {
        if (rows is null)
            json.WriteNull(name);
        else
            json.WriteArray(name, rows, write);
    }

    public static void WriteObject<T>(this Utf8JsonWriter json, T row, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartObject();
        write(json, row);
        json.WriteEndObject();
    }
}
