namespace EtcdMaint.Reports;

/// <summary>
/// The tables of a run: the steps with their reasons, then the results of compaction, defragmentation and alarms for
/// each member, and the lost leases.
/// </summary>
internal static class RunTables
{
    public static Html Render(EtcdMaintenanceReport report) =>
        Html.Of(
            $"""
            {PageTable.Render("Steps", ["Step", "Outcome", "Reason", "#Duration"], report.Step, Step)}
            {PageTable.Render(
                "Defragmentation",
                [
                    "Member",
                    "Outcome",
                    "#Before",
                    "#After",
                    "#Reclaimed",
                    "#Predicted",
                    "#Pause",
                    "#Longest stall of others",
                    "Remarks",
                ],
                report.Defrag,
                Defrag
            )}
            {PageTable.Render(
                "Lost leases",
                ["Lease", "Lost by", "Held now by", "#Transitions", "Member"],
                report.LeaseLost ?? [],
                LostLease
            )}
            {PageTable.Render(
                "Compaction",
                ["Member", "Outcome", "#To revision", "#In use after", "#Duration", "Remarks"],
                report.Compaction,
                Compaction
            )}
            {PageTable.Render("Alarms", ["Member", "Alarm", "Outcome", "Remarks"], report.Alarm, Alarm)}
            {Snapshot(report.Snapshot)}
            """
        );

    private static Html Step(EtcdMaintenanceStep step) =>
        Html.Of(
            $"<tr><th>{step.Name}</th><td>{PageText.Badge(step.Status)}</td><td>{step.Reason}</td><td "
                + $"class=\"num\">{PageText.Span(step.Duration)}</td></tr>\n"
        );

    private static Html Defrag(EtcdDefragResult row) =>
        Html.Of(
            $"""
            <tr><th>{row.Member?.ToString() ?? row.MemberName}</th><td>{PageText.Badge(row.Status)}</td>
            <td class="num">{PageText.Size(row.BytesBefore)}</td><td class="num">{PageText.Size(
                row.BytesAfter
            )}</td><td class="num">{PageText.Size(row.BytesReclaimed)}</td>
            <td class="num">{PageText.Span(row.PredictedDuration)}</td><td class="num">{PageText.Span(
                row.Duration
            )}</td><td class="num">{PageText.Span(row.WorstStall)}</td>
            <td>{Remarks(row)}</td></tr>

            """
        );

    private static string Remarks(EtcdDefragResult row)
    {
        string[] all =
        [
            row.WasLeader is true ? "leader" : "",
            row.TermChanges switch
            {
                > 1 => $"{row.TermChanges} new raft terms",
                1 => "1 new raft term",
                _ => "",
            },
            row.Reason ?? "",
        ];
        return string.Join("; ", all.Where(text => text.Length > 0));
    }

    private static Html LostLease(EtcdLostLease lease) =>
        Html.Of(
            $"""
            <tr><th>{lease.Namespace}/{lease.Name}</th><td>{lease.Holder}</td>
            <td>{lease.NewHolder ?? "released"}</td>
            <td class="num">{PageText.Number(lease.Transitions)}</td><td>{lease.MemberName}</td></tr>

            """
        );

    private static Html Compaction(EtcdCompactionResult row) =>
        Html.Of(
            $"""
            <tr><th>{row.Member?.ToString() ?? row.MemberName}</th><td>{PageText.Badge(row.Status)}</td>
            <td class="num">{PageText.Number(row.Revision)}</td><td class="num">{PageText.Size(row.DbSizeInUse)}</td>
            <td class="num">{PageText.Span(row.Duration)}</td><td>{row.Reason}</td></tr>

            """
        );

    private static Html Alarm(EtcdAlarm alarm) =>
        Html.Of(
            $"""
            <tr><th>{(alarm.MemberName.Length > 0 ? alarm.MemberName : alarm.MemberId)}</th>
            <td>{alarm.AlarmType.ToString().ToUpperInvariant()}</td><td>{PageText.Badge(alarm.Status)}</td>
            <td>{alarm.Reason}</td></tr>

            """
        );

    private static string Proof(bool? isProven) =>
        isProven switch
        {
            true => "; proven: intact, with the data of the members",
            false => "; not proven",
            null => "",
        };

    private static Html Snapshot(EtcdSnapshot? snapshot) =>
        Html.When(
            snapshot is not null,
            () =>
                Html.Of(
                    $"""
                    <h3>Snapshot</h3>
                    <p><code>{PlainText.Of(snapshot!.Path)}</code><br><small>{PageText.Size(
                        snapshot.SizeBytes
                    )} of {snapshot.MemberName} at revision {snapshot.Revision}, {PageText.Time(
                        snapshot.TakenAt
                    )}; SHA-256 <code>{snapshot.Sha256}</code>{Proof(
                        snapshot.IsProven
                    )}</small></p>

                    """
                )
        );
}
