using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The default views of the records: the text of each row, and the lines above the first one. EtcdMaint.Types.ps1xml
/// names these methods as hidden properties. <c>Format-Table</c> shows tables of PowerShell instead.
/// </summary>
public static class ViewRows
{
    private const string ReasonHeader = "Reason";

    private const int ShortName = 16;

    /// <summary>The number of findings below a snapshot. A damaged file can have one for each page.</summary>
    private const int SnapshotFindings = 10;

    /// <summary>The rows that begin a table, between the line above it and the row itself.</summary>
    private static readonly ConditionalWeakTable<object, object> FirstRows = [];

    /// <summary>What the rows of one table have in common.</summary>
    public static string Group(PSObject row) =>
        ClusterOf(Record<object>(row))
        + (Record<object>(row) is EtcdDefragResult result && IsPlan(result) ? " (plan)" : "");

    private static string ClusterOf(object record) =>
        record switch
        {
            EtcdDefragResult result => result.ClusterName,
            EtcdMemberStatus status => status.ClusterName,
            EtcdCompactionResult result => result.ClusterName,
            EtcdAlarm alarm => alarm.ClusterName,
            EtcdFinding finding => finding.ClusterName,
            EtcdSnapshot snapshot => snapshot.ClusterName,
            EtcdSpaceUsage usage => usage.ClusterName,
            EtcdLease lease => lease.ClusterName,
            EtcdLostLease lease => lease.ClusterName,
            EtcdMemberPlan member => member.ClusterName,
            _ => "all",
        };

    /// <summary>
    /// The line above a table. PowerShell writes it before the first row, and an empty line after it. The headers
    /// therefore belong to the first row.
    /// </summary>
    public static string Head(PSObject row)
    {
        object record = Record<object>(row);
        FirstRows.AddOrUpdate(record, record);
        return record switch
        {
            EtcdConnection => "   Connections",
            EtcdHealthReport => "   Health",
            EtcdUpgradeReport => "   Upgrade",
            EtcdMaintenanceReport => "   Maintenance",
            EtcdMaintenancePlan or EtcdClusterPlan => "   Plan",
            EtcdSnapshotReport => "   Snapshots",
            EtcdForecast => "   Forecast",
            EtcdSpaceUsage { SnapshotPath: not null } => $"   Snapshot: {ClusterOf(record)}",
            _ => $"   Cluster: {ClusterOf(record)}",
        };
    }

    /// <summary>A row, with the text that belongs to it.</summary>
    public static string Row(PSObject row)
    {
        object record = Record<object>(row);
        TextTable table = TableOf(record);
        string text = Text(record, table);
        return FirstRows.Remove(record) ? $"{table.Head()}\n{text}" : text;
    }

    private static string Text(object record, TextTable table) =>
        record switch
        {
            EtcdMemberStatus status => table.Row(Cells(status)),
            EtcdDefragResult result when IsPlan(result) => table.Row(PlanCells(result), result.Brief ?? result.Reason),
            EtcdDefragResult result => table.Row(Cells(result), result.Brief ?? result.Reason),
            EtcdCompactionResult result => table.Row(Cells(result), result.Brief ?? result.Reason),
            EtcdAlarm alarm => table.Row(
                [NameOf(alarm), alarm.MemberId, $"{alarm.AlarmType}", $"{alarm.Status}"],
                alarm.Brief ?? alarm.Reason
            ),
            EtcdMaintenanceReport report => table.Row(
                [
                    report.ClusterName,
                    $"{report.Status}",
                    Display.Size(report.BytesReclaimed),
                    Display.Duration(report.Duration),
                ],
                report.ShownReason
            ),
            EtcdMaintenancePlan plan => PlanLayout.Plan(table, plan),
            EtcdClusterPlan cluster => PlanLayout.Cluster(table, cluster),
            EtcdMemberPlan member => PlanLayout.Member(table, member),
            EtcdFinding finding => table.Row(
                [$"{finding.Severity}", finding.FindingId, MemberNames.Fit(finding.MemberName ?? "", [], ShortName)],
                finding.Message
            ),
            EtcdSnapshot snapshot => table.Row(
                [
                    NameOf(snapshot),
                    Display.Size(snapshot.SizeBytes),
                    Number(snapshot.Revision),
                    Display.Duration(snapshot.Duration),
                ],
                Display.Text(snapshot.Path)
            ),
            EtcdSnapshotReport report => Snapshot(table, report),
            EtcdForecast forecast => table.Row(
                [
                    forecast.ClusterName,
                    $"{forecast.Pattern}",
                    Display.Days(forecast.DaysToQuotaByFile),
                    Display.Days(forecast.DaysToQuotaByLiveData),
                    Display.Date(forecast.NextRunDue),
                ],
                forecast.Reason
            ),
            EtcdLease lease => table.Row(
                [lease.Namespace, lease.Name, Number(lease.Transitions)],
                Display.Text(lease.Holder ?? "")
            ),
            EtcdLostLease lease => table.Row(
                [lease.Namespace, lease.Name, MemberNames.Fit(lease.MemberName, [], ShortName)],
                Display.Text($"{lease.Holder}, {lease.Now}")
            ),
            EtcdConnection connection => table.Row(
                Cells(connection),
                Display.Text(string.Join(", ", connection.Endpoint))
            ),
            EtcdHealthReport report => Health(table, report),
            EtcdUpgradeReport report => Upgrade(table, report),
            EtcdSpaceUsage usage => SpaceLayout.Row(usage, ScreenWidth.Now()),
            _ => record.ToString() ?? "",
        };

    private static TextTable TableOf(object record)
    {
        int screen = ScreenWidth.Now();
        return record switch
        {
            EtcdMemberStatus status => new TextTable(screen, null, StatusLayout.Columns(status, screen)),
            EtcdSpaceUsage usage => SpaceLayout.Table(usage, screen),
            EtcdDefragResult result when IsPlan(result) => new TextTable(
                screen,
                ReasonHeader,
                new TextColumn("Order", 5, IsRight: true),
                new TextColumn("Member", ShortName),
                new TextColumn("Role", 7),
                new TextColumn("Status", 12),
                new TextColumn("Pause", 10, IsRight: true),
                new TextColumn("Gain", 8, IsRight: true)
            ),
            EtcdDefragResult => new TextTable(
                screen,
                ReasonHeader,
                new TextColumn("Member", ShortName),
                new TextColumn("Status", 12),
                new TextColumn("Before", 7, IsRight: true),
                new TextColumn("After", 7, IsRight: true),
                new TextColumn("Reclaimed", 9, IsRight: true),
                new TextColumn("Duration", 10, IsRight: true)
            ),
            EtcdCompactionResult => new TextTable(
                screen,
                ReasonHeader,
                new TextColumn("Member", ShortName),
                new TextColumn("Status", 16),
                new TextColumn("Revision", 10, IsRight: true),
                new TextColumn("Size", 7, IsRight: true),
                new TextColumn("InUse", 7, IsRight: true),
                new TextColumn("Duration", 10, IsRight: true)
            ),
            EtcdAlarm => new TextTable(
                screen,
                ReasonHeader,
                new TextColumn("Member", ShortName),
                new TextColumn("MemberId", 16),
                new TextColumn("Alarm", 8),
                new TextColumn("Status", 12)
            ),
            EtcdMaintenanceReport => new TextTable(
                screen,
                ReasonHeader,
                new TextColumn("Cluster", 20),
                new TextColumn("Status", 12),
                new TextColumn("Reclaimed", 9, IsRight: true),
                new TextColumn("Duration", 10, IsRight: true)
            ),
            EtcdMaintenancePlan => PlanLayout.PlanTable(screen),
            EtcdClusterPlan => PlanLayout.ClusterTable(screen),
            EtcdMemberPlan => PlanLayout.MemberTable(screen),
            EtcdFinding => new TextTable(
                screen,
                "Message",
                new TextColumn("Severity", 11),
                new TextColumn("FindingId", 22),
                new TextColumn("MemberName", ShortName)
            ),
            EtcdSnapshot => new TextTable(
                screen,
                "Path",
                new TextColumn("Member", ShortName),
                new TextColumn("Size", 7, IsRight: true),
                new TextColumn("Revision", 10, IsRight: true),
                new TextColumn("Duration", 10, IsRight: true)
            ),
            EtcdSnapshotReport => new TextTable(
                screen,
                "Path",
                new TextColumn("IsValid", 7),
                new TextColumn("MatchesCluster", 14),
                new TextColumn("Revision", 10, IsRight: true),
                new TextColumn("Age", 7, IsRight: true),
                new TextColumn("Keys", 8, IsRight: true),
                new TextColumn("Size", 7, IsRight: true)
            ),
            EtcdForecast => new TextTable(
                screen,
                ReasonHeader,
                new TextColumn("Cluster", 20),
                new TextColumn("Pattern", 9),
                new TextColumn("ByFile", 8, IsRight: true),
                new TextColumn("ByLiveData", 10, IsRight: true),
                new TextColumn("NextRunDue", 10)
            ),
            EtcdLease => new TextTable(
                screen,
                "Holder",
                new TextColumn("Namespace", 20),
                new TextColumn("Name", 32),
                new TextColumn("Transitions", 11, IsRight: true)
            ),
            EtcdLostLease => new TextTable(
                screen,
                "Holder",
                new TextColumn("Namespace", 20),
                new TextColumn("Name", 32),
                new TextColumn("MemberName", ShortName)
            ),
            EtcdConnection => new TextTable(
                screen,
                "Endpoint",
                new TextColumn("Cluster", 20),
                new TextColumn("Default", 7),
                new TextColumn("ClusterId", 16),
                new TextColumn("Access", 21),
                new TextColumn("User", 12)
            ),
            EtcdUpgradeReport => new TextTable(
                screen,
                "Order",
                new TextColumn("Cluster", 20),
                new TextColumn("From", 8),
                new TextColumn("To", 8),
                new TextColumn("CanUpgrade", 10)
            ),
            _ => new TextTable(screen, "Finding", new TextColumn("Cluster", 20), new TextColumn("IsHealthy", 9)),
        };
    }

    private static string[] Cells(EtcdMemberStatus status) => StatusLayout.Cells(status, ScreenWidth.Now());

    private static string[] Cells(EtcdDefragResult result) =>
        [
            NameOf(result),
            $"{result.Status}",
            Display.Size(result.BytesBefore),
            Display.Size(result.BytesAfter),
            Display.Size(result.BytesReclaimed),
            RowText.Duration(result),
        ];

    private static string[] PlanCells(EtcdDefragResult result) =>
        [
            Number(result.Order),
            NameOf(result),
            $"{result.Role}",
            $"{result.Status}",
            RowText.Duration(result),
            Gain(result),
        ];

    /// <summary>The predicted gain, or the most that is possible if only a range is known.</summary>
    private static string Gain(EtcdDefragResult result) =>
        result switch
        {
            { Status: not EtcdDefragStatus.Planned } => "",
            { BytesReclaimed: { } gain } => "~" + Display.Size(gain),
            { BytesReclaimedMaximum: { } most } => "≤" + Display.Size(most),
            _ => "",
        };

    private static string[] Cells(EtcdCompactionResult result) =>
        [
            NameOf(result),
            $"{result.Status}",
            Number(result.Revision),
            Display.Size(result.DbSize),
            Display.Size(result.DbSizeInUse),
            Display.Duration(result.Duration),
        ];

    private static string[] Cells(EtcdConnection connection) =>
        [
            connection.ClusterName,
            RowText.DefaultMark(connection),
            connection.ClusterId ?? "",
            $"{connection.Access}",
            connection.UserName ?? "",
        ];

    /// <summary>
    /// The verdict, and below it the findings, the most severe first, and the largest resources if they were read.
    /// </summary>
    private static string Health(TextTable table, EtcdHealthReport report)
    {
        IEnumerable<string> rows = FindingRows(
            report.Finding.OrderByDescending(finding => finding.Severity),
            idWidth: 22
        );
        if (LargestResourceText.Of(report.LargestResource) is { } largest)
            rows = rows.Append($"  {TextTable.Hang(largest, 2, ScreenWidth.Now())}");
        return string.Join(
            '\n',
            rows.Prepend(table.Row([report.ClusterName, $"{report.IsHealthy}"], RowText.Verdict(report)))
        );
    }

    /// <summary>The verdict with the order of the members, and below it the findings, the most severe first.</summary>
    private static string Upgrade(TextTable table, EtcdUpgradeReport report) =>
        string.Join(
            '\n',
            FindingRows(report.Finding, idWidth: 22)
                .Prepend(
                    table.Row(
                        [report.ClusterName, report.From ?? "", report.To, RowText.CanUpgrade(report)],
                        Display.Text(string.Join(", ", report.Order))
                    )
                )
        );

    /// <summary>The file, and below it the findings.</summary>
    private static string Snapshot(TextTable table, EtcdSnapshotReport report) =>
        string.Join(
            '\n',
            FindingRows(report.Finding.Take(SnapshotFindings), idWidth: 28)
                .Prepend(
                    table.Row(
                        [
                            $"{report.IsValid}",
                            $"{report.MatchesCluster}",
                            Number(report.Revision),
                            Number(report.AgeRevisions),
                            Number(report.KeyCount),
                            Display.Size(report.SizeBytes),
                        ],
                        Display.Text(report.Path)
                    )
                )
        );

    private static IEnumerable<string> FindingRows(IEnumerable<EtcdFinding> findings, int idWidth)
    {
        var table = new TextTable(
            ScreenWidth.Now(),
            "Message",
            new TextColumn("Severity", 13),
            new TextColumn("Id", idWidth)
        );
        return findings.Select(finding => table.Row([$"  {finding.Severity}", finding.FindingId], finding.Message));
    }

    private static bool IsPlan(EtcdDefragResult result) => result.Member is { IsPlanned: true };

    private static string NameOf(IEtcdMemberRecord record) =>
        MemberNames.Fit(Display.Member(record), record.Member?.AllNames ?? [], ShortName);

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static T Record<T>(PSObject row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return (T)row.BaseObject;
    }
}
