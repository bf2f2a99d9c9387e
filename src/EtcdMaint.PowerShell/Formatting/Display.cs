using System.Globalization;

namespace EtcdMaint.Cmdlets;

/// <summary>Formats the values of the views. An unknown value is empty text.</summary>
public static class Display
{
    /// <summary>Formats a size as etcdctl prints it: <c>25 MB</c>.</summary>
    public static string Size(long? bytes) => bytes is long known ? ByteText.Of(known) : "";

    /// <summary>Formats a ratio from 0 to 1 as a whole percentage.</summary>
    public static string Percent(double? ratio) =>
        ratio is double known
            ? Math.Round(known * 100, MidpointRounding.AwayFromZero).ToString("0", CultureInfo.InvariantCulture) + "%"
            : "";

    /// <summary>Formats a duration: <c>40 ms</c>, <c>3.1 s</c>, <c>2 min 5 s</c>, <c>1 h 2 min</c>.</summary>
    public static string Duration(TimeSpan? time) =>
        time switch
        {
            null => "",
            { TotalSeconds: < 1 } => string.Create(
                CultureInfo.InvariantCulture,
                $"{time.Value.TotalMilliseconds:0} ms"
            ),
            { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.Value.TotalSeconds:0.0} s"),
            { TotalHours: < 1 } => $"{time.Value.Minutes} min {time.Value.Seconds} s",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"{Math.Floor(time.Value.TotalHours):0} h {time.Value.Minutes} min"
            ),
        };

    /// <summary>Formats a number of days: <c>4.2 days</c>, <c>31 days</c>.</summary>
    public static string Days(double? days) =>
        days is double known ? $"{known.ToString(known < 9.95 ? "0.#" : "0", CultureInfo.InvariantCulture)} days" : "";

    /// <summary>Formats a time as its day, in UTC.</summary>
    public static string Date(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Returns the text without the characters that a terminal executes.</summary>
    public static string Text(string? text) => PlainText.Of(text) ?? "";

    /// <summary>Returns an endpoint without its scheme, which all members of a cluster share.</summary>
    public static string Endpoint(string? endpoint)
    {
        int scheme = endpoint?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        return scheme < 0 ? endpoint ?? "" : endpoint![(scheme + 3)..];
    }

    /// <summary>Returns the name of a member, or its ID if it has no name yet.</summary>
    public static string Member(IEtcdMemberRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.MemberName.Length > 0 ? record.MemberName : record.MemberId;
    }
}
