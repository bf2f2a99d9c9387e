namespace EtcdMaint.Cmdlets;

/// <summary>Columns of the views that are put together from several properties.</summary>
public static class Rows
{
    /// <summary>
    /// What is wrong with a member, in a word; the gravest first, for there may be room for only one.
    /// </summary>
    public static string Trouble(EtcdMemberStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status.IsReachable
            ? string.Join(",", status.Alarm.OrderByDescending(alarm => alarm is EtcdAlarmType.Corrupt))
            : "no reply";
    }

    /// <summary>How long a defragmentation took, or, marked with a tilde, how long it is expected to take.</summary>
    public static string Duration(EtcdDefragResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Status == EtcdDefragStatus.Planned && result.PredictedDuration is TimeSpan expected)
            return "~" + Display.Duration(expected);
        return Display.Duration(result.Duration);
    }

    /// <summary>
    /// The gravest thing that a health check found, and how many more there are; nothing when all is well.
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

    /// <summary>The members that were finished, for a run whose rows the pipeline no longer takes.</summary>
    internal static string Defragmented(IEnumerable<EtcdDefragResult> rows)
    {
        string[] done =
        [
            .. rows.Where(row => row.Status is EtcdDefragStatus.Defragmented).Select(row => row.ToString()),
        ];
        return done.Length == 0 ? "no member was defragmented" : string.Join(", ", done);
    }

    /// <summary>A star for the default connection of the runspace that shows it.</summary>
    public static string DefaultMark(EtcdConnection connection) =>
        RunspaceConnections.Current.Default == connection ? "*" : "";
}
