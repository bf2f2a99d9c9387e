using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Sums up in one line what a pipeline did. The line goes to the information stream, with the tags <c>EtcdMaint</c> and
/// <c>Summary</c>. As with Write-Host, a person at a terminal sees it, and <c>-InformationAction Ignore</c> removes it.
/// If the output of the process is redirected, it is shown only on request, because it would mix with that output.
/// </summary>
internal sealed class PipelineSummary
{
    private const string HostTag = "PSHOST";

    /// <summary>The cmdlets of the pipelines of this thread that sum up the results of earlier cmdlets too.</summary>
    [ThreadStatic]
    private static List<object>? t_collectors;

    private readonly HashSet<string> _clusters = [];

    private readonly List<EtcdMaintenanceStatus> _reports = [];

    private readonly List<EtcdDefragResult> _defrag = [];

    private int _alarms;

    private int _resumed;

    /// <summary>Whether the cmdlet clears alarms. The line then also says that it cleared none.</summary>
    public bool ClearsAlarms { get; init; }

    /// <summary>Whether the cmdlet only plans. The rows of a plan speak for themselves.</summary>
    public bool IsPlan { get; set; }

    /// <summary>The number of cmdlets that have begun on this thread and sum up earlier cmdlets too.</summary>
    public static int Collectors => t_collectors?.Count ?? 0;

    public static void BeginCollector(object cmdlet) => (t_collectors ??= []).Add(cmdlet);

    public static void EndCollector(object cmdlet) => t_collectors?.Remove(cmdlet);

    /// <summary>Adds a cluster that the cmdlet works on, even if it has no row.</summary>
    public void AddCluster(string name)
    {
        lock (_clusters)
            _clusters.Add(name);
    }

    /// <summary>Adds a row of this cmdlet, or of an earlier one.</summary>
    public void Add(object row)
    {
        lock (_clusters)
        {
            switch (row)
            {
                case EtcdMaintenanceReport report:
                    _clusters.Add(report.ClusterName);
                    _reports.Add(report.Status);
                    IsPlan |= report.Status is EtcdMaintenanceStatus.Planned;
                    if (report.IsResumed)
                    {
                        _resumed++;
                        break;
                    }
                    _defrag.AddRange(report.Defrag);
                    _alarms += report.Alarm.Count(alarm => alarm.Status is EtcdAlarmStatus.Cleared);
                    break;
                case EtcdDefragResult defrag:
                    _clusters.Add(defrag.ClusterName);
                    IsPlan |= defrag is { Status: EtcdDefragStatus.Planned } or { Member.IsPlanned: true };
                    _defrag.Add(defrag);
                    break;
                case EtcdAlarm alarm:
                    _clusters.Add(alarm.ClusterName);
                    IsPlan |= alarm is { Status: EtcdAlarmStatus.Planned } or { Member.IsPlanned: true };
                    _alarms += alarm.Status is EtcdAlarmStatus.Cleared ? 1 : 0;
                    break;
                case IEtcdMemberRecord record:
                    _clusters.Add(record.ClusterName);
                    break;
            }
        }
    }

    public void WriteTo(PSCmdlet cmdlet)
    {
        if (ToLine() is { } line)
            cmdlet.WriteInformation(
                line,
                HostTerminal.IsAttached(cmdlet) ? ["EtcdMaint", "Summary", HostTag] : ["EtcdMaint", "Summary"]
            );
    }

    /// <summary>Returns null for a plan, and if there is nothing to sum up.</summary>
    private string? ToLine()
    {
        string[] parts = [.. Parts().Where(part => part.Length > 0)];
        if (IsPlan || _clusters.Count == 0 || parts.Length == 0)
            return null;
        string where = _clusters.Count == 1 ? _clusters.First() : $"{_clusters.Count} clusters";
        return PlainText.Of($"{where}: {string.Join("; ", parts)}.");
    }

    private IEnumerable<string> Parts()
    {
        if (_reports.Count > 1)
            yield return string.Join(
                ", ",
                _reports.GroupBy(status => status).OrderBy(alike => alike.Key).Select(a => $"{a.Count()} {a.Key}")
            );
        if (_resumed > 0)
            yield return $"{_resumed} of them done in an earlier run";
        if (_defrag.Count > 0)
            yield return DefragPart();
        if (_alarms > 0 || ClearsAlarms)
            yield return _alarms switch
            {
                0 => "no alarm cleared",
                1 => "1 alarm cleared",
                _ => $"{_alarms} alarms cleared",
            };
    }

    private string DefragPart()
    {
        EtcdDefragResult[] done = [.. _defrag.Where(row => row.Status is EtcdDefragStatus.Defragmented)];
        int failed = _defrag.Count(row => row.Status is EtcdDefragStatus.Failed or EtcdDefragStatus.TimedOut);
        int skipped = _defrag.Count(row => row.Status is EtcdDefragStatus.Skipped);
        int left = _defrag.Count(row => row.Status is EtcdDefragStatus.NotAttempted);
        string text = $"{done.Length} of {_defrag.Count} {(_defrag.Count == 1 ? "member" : "members")} defragmented";
        if (skipped > 0)
            text += $", {skipped} skipped";
        if (failed > 0)
            text += $", {failed} failed";
        if (left > 0)
            text += $", {left} not started";
        if (done.Length == 0)
            return text;
        text += $", {ByteText.Of(done.Sum(row => row.BytesReclaimed ?? 0))} reclaimed";
        return done.Max(row => row.Duration) is { } longest
            ? $"{text}, longest pause {Display.Duration(longest)}"
            : text;
    }
}
