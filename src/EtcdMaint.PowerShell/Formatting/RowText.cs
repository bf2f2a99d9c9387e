namespace EtcdMaint.Cmdlets;

/// <summary>Builds the columns of the views that combine several properties.</summary>
public static class RowText
{
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
    /// Names the members that were defragmented, for a run whose rows the pipeline no longer receives.
    /// </summary>
    internal static string Defragmented(IEnumerable<EtcdDefragResult> rows)
    {
        string[] done =
        [
            .. rows.Where(row => row.Status is EtcdDefragStatus.Defragmented).Select(row => row.ToString()),
        ];
        return done.Length == 0 ? "no member was defragmented" : string.Join(", ", done);
    }

    /// <summary>Returns a star for the default connection of the current runspace.</summary>
    public static string DefaultMark(EtcdConnection connection) =>
        RunspaceConnections.Current.Default == connection ? "*" : "";
}
