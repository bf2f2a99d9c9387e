namespace EtcdMaint.Reports;

/// <summary>The most important figures of a run.</summary>
internal static class KeyFacts
{
    public static Html Render(ClusterEntry entry)
    {
        EtcdMaintenanceReport report = entry.Report;
        bool isPlan = report.Status is EtcdMaintenanceStatus.Planned;
        return Html.Of(
            $"""
            <div class="facts">
            {Html.When(
                report.Defrag.Length > 0,
                () =>
                    Fact(
                        PageText.Size(report.BytesReclaimed),
                        isPlan ? "to reclaim, as far as is known now" : "returned to the disks"
                    )
            )}
            {PauseFact(entry, isPlan)}
            {Stall(report)}
            {Leases(report)}
            {Alarms(report)}
            {Lead(report)}
            {Hashes(report)}
            </div>
            """
        );
    }

    /// <summary>A figure with the text below it.</summary>
    public static Html Fact(string figure, string what, string tone = "") =>
        Html.Of($"<div class=\"fact {tone}\"><b>{figure}</b><span>{what}</span></div>\n");

    private static Html PauseFact(ClusterEntry entry, bool isPlan)
    {
        if (entry.LongestPause is { } longest)
            return Fact(PageText.Span(longest.Duration), $"longest pause of one member ({longest.MemberName})");
        TimeSpan? predicted = entry.Report.Defrag.Max(row => row.PredictedDuration);
        return Html.When(
            isPlan && predicted is not null,
            () => Fact(PageText.Span(predicted), "longest pause of one member, predicted")
        );
    }

    private static Html Stall(EtcdMaintenanceReport report) =>
        Html.When(
            report.Defrag.Any(row => row.WorstStall is not null),
            () =>
                Fact(
                    PageText.Span(report.Defrag.Max(row => row.WorstStall)),
                    "slowest read on the other members during the pauses"
                )
        );

    /// <summary>A cluster without leases, or whose leases are unknown, has no such fact.</summary>
    private static Html Leases(EtcdMaintenanceReport report)
    {
        if (report is not { LeaseLost: { } lost, LeaseBefore.Count: > 0 and var all })
            return Html.None;
        string what = $"lost of {PageText.Number(all)}";
        return lost.Count == 0
            ? Fact("no lease", what, "good")
            : Fact(PageText.Count(lost.Count, "lease"), what, "bad");
    }

    private static Html Alarms(EtcdMaintenanceReport report)
    {
        int cleared = report.Alarm.Count(a => a.Status is EtcdAlarmStatus.Cleared);
        int armed = Armed(report.After.Length > 0 ? report.After : report.Before);
        if (cleared > 0 && armed == 0)
            return Fact($"{cleared}", cleared == 1 ? "alarm cleared" : "alarms cleared", "good");
        return Html.When(armed > 0, () => Fact($"{armed}", armed == 1 ? "alarm is armed" : "alarms are armed", "bad"));
    }

    private static int Armed(EtcdList<EtcdMemberStatus> members) => members.Sum(m => m.Alarm.Length);

    private static Html Lead(EtcdMaintenanceReport report)
    {
        string? before = report.Before.FirstOrDefault(m => m.IsLeader is true)?.ToString();
        string? after = report.After.FirstOrDefault(m => m.IsLeader is true)?.ToString();
        if (before is null || after is null)
            return Html.When(before is not null, () => Fact(before!, "is the leader"));
        long terms = (report.After.Max(m => m.RaftTerm) - report.Before.Max(m => m.RaftTerm)) ?? 0;
        return terms == 0
            ? Fact(before, "was the leader throughout")
            : Fact(
                before == after ? before : $"{before} → {after}",
                terms == 1 ? "1 change of leader" : $"{terms} changes of leader",
                "warn"
            );
    }

    private static Html Hashes(EtcdMaintenanceReport report)
    {
        EtcdMemberHash[] hashes = report.HashAfter.Length > 0 ? report.HashAfter : report.HashBefore;
        if (hashes.Length == 0)
            return Html.None;
        bool isSame = hashes.Select(h => h.Hash).Distinct().Count() == 1;
        return isSame
            ? Fact(
                "identical",
                $"data of {hashes.Length} voters up to revision {PageText.Number(hashes[0].Revision)} (hash "
                    + $"{hashes[0].Hash})",
                "good"
            )
            : Fact("different", $"data of the voters up to revision {PageText.Number(hashes[0].Revision)}", "bad");
    }
}
