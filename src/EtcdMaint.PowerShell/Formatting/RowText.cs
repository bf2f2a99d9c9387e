namespace EtcdMaint.Cmdlets;

/// <summary>Builds the columns of the views that combine several properties.</summary>
public static class RowText
{
    /// <summary>The endings of the members of a stopped run, in the order in which they are shown.</summary>
    private static readonly string[] EndingNames =
    [
        "finished and verified",
        "finished, not verified",
        "may still be defragmenting",
        "failed",
        "skipped",
        "not started",
    ];

    /// <summary>
    /// Returns the problems of a member, the most severe first, because there may be space for only one.
    /// </summary>
    public static string Trouble(EtcdMemberStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status.IsReachable
            ? string.Join(",", status.Alarm.OrderByDescending(alarm => alarm is EtcdAlarmType.Corrupt))
            : "no reply";
    }

    /// <summary>Returns the duration of a defragmentation, or the predicted duration with a tilde.</summary>
    public static string Duration(EtcdDefragResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Status == EtcdDefragStatus.Planned && result.PredictedDuration is TimeSpan expected)
            return "~" + Display.Duration(expected);
        return Display.Duration(result.Duration);
    }

    /// <summary>
    /// Returns the most severe finding of a health check and the number of other findings; empty if there are none.
    /// </summary>
    public static string GravestFinding(EtcdHealthReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Finding switch
        {
            [] => "",
            [EtcdFinding only] => only.ToString(),
            [EtcdFinding gravest, .. EtcdFinding[] others] => $"{gravest} ({others.Length} more)",
        };
    }

    /// <summary>
    /// Describes how a run ended and what it did with each member, for a run whose rows the pipeline no longer
    /// receives.
    /// </summary>
    internal static string Stopped(EtcdConnection connection, string outcome, IReadOnlyList<EtcdDefragResult> rows)
    {
        string[] parts =
        [
            .. rows.GroupBy(EndingIndex)
                .OrderBy(alike => alike.Key)
                .Select(alike => $"{EndingNames[alike.Key]}: {string.Join(", ", alike.Select(Display.Member))}"),
        ];
        string members = parts.Length == 0 ? "no member was started" : string.Join("; ", parts);
        string where =
            rows.Count == 0 ? "" : $" The rows are in (Get-EtcdConnection{NameOf(connection)}).LastRun.Result.";
        return PlainText.Of($"{connection}: {outcome.TrimEnd('.')}. {Sentence(members)}.{where}");
    }

    private static int EndingIndex(EtcdDefragResult row) =>
        row.Status switch
        {
            EtcdDefragStatus.Defragmented => row.IsVerified ? 0 : 1,
            EtcdDefragStatus.TimedOut => 2,
            EtcdDefragStatus.Failed => 3,
            EtcdDefragStatus.Skipped => 4,
            _ => 5,
        };

    /// <summary>The argument that selects the connection if several are open.</summary>
    private static string NameOf(EtcdConnection connection) =>
        RunspaceConnections.Current.Open.Count > 1
            ? $" '{connection.ClusterName.Replace("'", "''", StringComparison.Ordinal)}'"
            : "";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Returns a star for the default connection of the current runspace.</summary>
    public static string DefaultMark(EtcdConnection connection) =>
        RunspaceConnections.Current.Default == connection ? "*" : "";
}
