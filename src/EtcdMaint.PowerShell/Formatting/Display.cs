using System.Globalization;

namespace EtcdMaint.Cmdlets;

/// <summary>How the views show values. What is not known is shown as nothing.</summary>
public static class Display
{
    /// <summary>A size in three digits, as etcdctl prints it: <c>25 MB</c>.</summary>
    public static string Size(long? bytes) => bytes is long known ? ByteText.Of(known) : "";

    /// <summary>A ratio of 0..1 in whole percent.</summary>
    public static string Percent(double? ratio) =>
        ratio is double known
            ? Math.Round(known * 100, MidpointRounding.AwayFromZero).ToString("0", CultureInfo.InvariantCulture) + "%"
            : "";

    /// <summary>A length of time: <c>40 ms</c>, <c>3.1 s</c>, <c>2 min 5 s</c>, <c>1 h 2 min</c>.</summary>
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

    /// <summary>Text without the characters that a terminal obeys.</summary>
    public static string Text(string? text) => PlainText.Of(text) ?? "";

    /// <summary>An endpoint without its scheme, which every member of a cluster shares.</summary>
    public static string Endpoint(string? endpoint)
    {
        int scheme = endpoint?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        return scheme < 0 ? endpoint ?? "" : endpoint![(scheme + 3)..];
    }

    /// <summary>A member's name, or its ID while it has none.</summary>
    public static string Member(IEtcdMemberRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.MemberName.Length > 0 ? record.MemberName : record.MemberId;
    }
}
