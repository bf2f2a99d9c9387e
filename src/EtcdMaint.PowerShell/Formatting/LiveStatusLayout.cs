using System.Globalization;
using EtcdMaint.Monitoring;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The view of continuous readings: a table for each cluster, with rates, the changes of the last seconds, and errors.
/// </summary>
internal static class LiveStatusLayout
{
    /// <summary>The narrowest screen on which the table shows the versions.</summary>
    private const int WideScreen = 100;

    private const int LeastNameWidth = 7;

    /// <summary>PowerShell leaves the last column of the screen empty.</summary>
    private const int Margin = 1;

    private const string ChangeMark = "*";

    public static IEnumerable<string> Lines(
        IReadOnlyList<ClusterReading> readings,
        DateTimeOffset now,
        TimeSpan interval,
        int screen
    )
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{now:HH:mm:ss}, every {interval.TotalSeconds} s. Ctrl+C ends the view."
        );
        foreach (ClusterReading reading in readings)
        {
            yield return "";
            yield return $"   Cluster: {reading.ClusterName}";
            yield return "";
            foreach (string line in Table(reading, screen).SelectMany(text => text.Split('\n')))
                yield return line;
        }
    }

    private static IEnumerable<string> Table(ClusterReading reading, int screen)
    {
        if (reading.Members.Count > 0)
        {
            TextColumn[] columns = Columns(reading.Members, screen);
            var table = new TextTable(screen, null, columns);
            yield return table.Head();
            foreach (ObservedStatus member in reading.Members)
                yield return Mark(member, table.Row(Cells(member, columns), Change(member)));
        }
        foreach (string note in reading.Errors.Select(error => error.Message).Concat(reading.Warnings))
            yield return TextTable.Hang(PlainText.Of(note), 0, screen);
    }

    private static TextColumn[] Columns(IReadOnlyList<ObservedStatus> members, int screen)
    {
        TextColumn[] figures =
        [
            .. screen >= WideScreen ? new TextColumn[] { new("Version", 7) } : [],
            new("Size", 6, IsRight: true),
            new("InUse", 6, IsRight: true),
            new("Frag", 4, IsRight: true),
            new("QuotaUsed", 9),
            new("Alarm", 8),
            new("Role", 7),
            new("Writes/s", 8, IsRight: true),
            new("Growth", 10, IsRight: true),
        ];
        int room = screen - Margin - (ChangeMark.Length + 1) - figures.Sum(column => column.Width + 1) - 1;
        int name = members.Max(member =>
            MemberNames.Width(
                Display.Member(member.Status),
                member.Status.Member?.AllNames ?? [],
                Math.Max(LeastNameWidth, room)
            )
        );
        return [new("", ChangeMark.Length), new("Member", Math.Max("Member".Length, name)), .. figures];
    }

    private static string[] Cells(ObservedStatus member, TextColumn[] columns)
    {
        EtcdMemberStatus status = member.Status;
        bool hasVersion = columns.Any(column => column.Header == "Version");
        string[] start = [member.Change is null ? "" : ChangeMark, StatusLayout.Name(status, columns[1].Width)];
        if (!status.IsReachable)
            return
            [
                .. start,
                .. hasVersion ? [""] : Array.Empty<string>(),
                "",
                "",
                "",
                "no reply",
                "",
                $"{status.Role}",
                "",
                "",
            ];
        return
        [
            .. start,
            .. hasVersion ? [status.Version ?? ""] : Array.Empty<string>(),
            Display.Size(status.DbSize),
            Display.Size(status.DbSizeInUse),
            Display.Percent(status.FragmentationRatio),
            UsageBar.Draw(status.QuotaUsedRatio),
            RowText.Alarms(status),
            $"{status.Role}",
            Rate(status.WritesPerSecond),
            Growth(status.GrowthBytesPerSecond),
        ];
    }

    private static string? Change(ObservedStatus member) =>
        member.Change is null ? null : $"{Display.Duration(member.ChangeAge)} ago: {member.Change}";

    /// <summary>The host removes the style if its output is plain text.</summary>
    private static string Mark(ObservedStatus member, string row) =>
        member.Change is null ? row : $"\e[1m{row.Replace("\n", "\e[0m\n\e[1m", StringComparison.Ordinal)}\e[0m";

    private static string Rate(double? perSecond) =>
        perSecond is not { } rate ? ""
        : rate is > 0 and < 10 ? rate.ToString("0.0", CultureInfo.InvariantCulture)
        : rate.ToString("0", CultureInfo.InvariantCulture);

    private static string Growth(double? bytesPerSecond) =>
        bytesPerSecond is not { } growth ? ""
        : Math.Round(growth) == 0 ? "0"
        : $"{(growth > 0 ? "+" : "")}{ByteText.Of((long)growth)}/s";
}
