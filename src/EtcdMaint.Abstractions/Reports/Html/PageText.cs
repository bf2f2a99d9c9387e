using System.Globalization;

namespace EtcdMaint.Reports;

/// <summary>Formats the values of the page.</summary>
internal static class PageText
{
    public const string Unknown = "–";

    public static string Size(long? bytes) => bytes is { } known ? ByteText.Of(known) : Unknown;

    public static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>Formats a number of things: 1 line, 2 lines.</summary>
    public static string Count(int number, string noun) => $"{Number(number)} {noun}{(number == 1 ? "" : "s")}";

    public static string Percent(double? ratio) =>
        ratio is { } known ? string.Create(CultureInfo.InvariantCulture, $"{100 * known:0} %") : Unknown;

    public static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Clock(DateTimeOffset at) =>
        at.UtcDateTime.ToString("HH:mm:ss.f", CultureInfo.InvariantCulture);

    public static string Span(TimeSpan? span) =>
        span switch
        {
            null => Unknown,
            { TotalSeconds: < 0.0995 } s => string.Create(CultureInfo.InvariantCulture, $"{s.TotalMilliseconds:0} ms"),
            { TotalSeconds: < 10 } s => string.Create(CultureInfo.InvariantCulture, $"{s.TotalSeconds:0.00} s"),
            { TotalSeconds: < 120 } s => string.Create(CultureInfo.InvariantCulture, $"{s.TotalSeconds:0.0} s"),
            { TotalHours: < 2 } s => string.Create(
                CultureInfo.InvariantCulture,
                $"{(int)s.TotalMinutes} min {s.Seconds} s"
            ),
            { } s => string.Create(CultureInfo.InvariantCulture, $"{(int)s.TotalHours} h {s.Minutes} min"),
        };

    /// <summary>Formats a status as words: NothingToDo as "nothing to do".</summary>
    public static string Words(Enum status)
    {
        string name = status.ToString();
        return string.Concat(
            name.Select(
                (c, i) =>
                    i > 0 && char.IsUpper(c)
                        ? $" {char.ToLowerInvariant(c)}"
                        : $"{(i == 0 ? c : char.ToLowerInvariant(c))}"
            )
        );
    }

    public static Html Badge(Enum status) => Html.Of($"<span class=\"badge {Tone(status)}\">{Words(status)}</span>");

    public static string Tone(Enum status) =>
        status switch
        {
            EtcdMaintenanceStatus.Succeeded
            or EtcdDefragStatus.Defragmented
            or EtcdCompactionStatus.Compacted
            or EtcdAlarmStatus.Cleared => "good",
            EtcdMaintenanceStatus.Failed
            or EtcdMaintenanceStatus.Unreachable
            or EtcdDefragStatus.Failed
            or EtcdDefragStatus.TimedOut
            or EtcdCompactionStatus.Failed
            or EtcdAlarmStatus.Armed
            or EtcdFindingSeverity.Error => "bad",
            EtcdMaintenanceStatus.NotAttempted
            or EtcdDefragStatus.NotAttempted
            or EtcdCompactionStatus.NotAttempted
            or EtcdAlarmStatus.NotAttempted
            or EtcdFindingSeverity.Warning => "warn",
            EtcdMaintenanceStatus.Planned
            or EtcdDefragStatus.Planned
            or EtcdCompactionStatus.Planned
            or EtcdAlarmStatus.Planned => "plan",
            _ => "calm",
        };
}
