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
    /// Returns the armed alarms of a member, the most severe first, because there may be space for only one.
    /// </summary>
    public static string Alarms(EtcdMemberStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return string.Join(",", status.Alarm.OrderByDescending(alarm => alarm is EtcdAlarmType.Corrupt));
    }

    /// <summary>Returns the duration of a defragmentation, or the predicted duration with a tilde.</summary>
    public static string Duration(EtcdDefragResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Status == EtcdDefragStatus.Planned && result.PredictedDuration is TimeSpan expected)
            return "~" + Display.Duration(expected);
        return Display.Duration(result.Duration);
    }

    /// <summary>The verdict on an upgrade; empty would look like false, so an open one is named.</summary>
    public static string CanUpgrade(EtcdUpgradeReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.IsDone ? "done" : report.CanUpgrade?.ToString() ?? "unknown";
    }

    /// <summary>Counts the findings of a health check by severity; empty if there are none.</summary>
    public static string Verdict(EtcdHealthReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return string.Join(
            ", ",
            report
                .Finding.GroupBy(finding => finding.Severity)
                .OrderByDescending(group => group.Key)
                .Select(group => Count(group.Count(), group.Key))
        );
    }

    private static string Count(int number, EtcdFindingSeverity severity) =>
        severity switch
        {
            EtcdFindingSeverity.Error => $"{number} {(number == 1 ? "error" : "errors")}",
            EtcdFindingSeverity.Warning => $"{number} {(number == 1 ? "warning" : "warnings")}",
            _ => $"{number} for information",
        };

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
