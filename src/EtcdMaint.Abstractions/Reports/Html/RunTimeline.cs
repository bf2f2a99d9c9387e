using System.Globalization;

namespace EtcdMaint.Reports;

/// <summary>
/// The timeline of a run, from left to right. It has a lane for each step and, below the step, a lane for each member
/// that paused during it.
/// </summary>
internal static class RunTimeline
{
    private static readonly double[] Rounds = [1, 2, 5, 10];

    public static Html Render(EtcdMaintenanceReport report)
    {
        double total = Math.Max(report.Duration.TotalSeconds, 0.001);
        return Html.Of(
            $"""
            <div class="timeline">
            {Html.Join(report.Step.Select(step => Lanes(report, step, total)))}
            <div class="lane axis"><span></span><div>{Html.Join(Ticks(total))}</div></div>
            </div>

            """
        );
    }

    private static Html Lanes(EtcdMaintenanceReport report, EtcdMaintenanceStep step, double total)
    {
        IEnumerable<EtcdDefragResult> pauses = report.Defrag.Where(row =>
            step.Name == "Defrag" && row.StartedAt >= step.StartedAt && row.StartedAt <= step.StartedAt + step.Duration
        );
        return Html.Of(
            $"""
            {Lane(
                step.Name,
                "step",
                PageText.Tone(step.Status),
                step.StartedAt,
                step.Duration,
                step.Duration > TimeSpan.Zero
                    ? PageText.Span(step.Duration)
                    : PageText.Words(step.Status).ToLowerInvariant(),
                report,
                total
            )}
            {Html.Join(
                pauses.Select(row =>
                    Lane(
                        row.Member?.ToString() ?? row.MemberName,
                        "pause",
                        PageText.Tone(row.Status),
                        row.StartedAt!.Value,
                        row.Duration ?? default,
                        PauseText(row),
                        report,
                        total
                    )
                )
            )}
            """
        );
    }

    private static string PauseText(EtcdDefragResult row)
    {
        string lead =
            row.TermChanges > 0 ? ", leadership moved"
            : row.WasLeader is true ? ", leader"
            : "";
        return $"unavailable for {PageText.Span(row.Duration)}{lead}";
    }

    private static Html Lane(
        string name,
        string kind,
        string tone,
        DateTimeOffset startedAt,
        TimeSpan took,
        string text,
        EtcdMaintenanceReport report,
        double total
    )
    {
        double left = 100 * (startedAt - report.StartedAt).TotalSeconds / total;
        double width = 100 * took.TotalSeconds / total;
        bool isLate = left + width > 70;
        return Html.Of(
            $"""
            <div class="lane {kind}"><span>{name}</span>
            <div><i class="block {tone}" style="left:{left};width:{width}"></i>
            <em {Html.Trusted(isLate ? "class=\"late\" " : "")}style="{Html.Trusted(isLate ? "right" : "left")}:{(
                isLate ? 100 - left : left + width
            )}">{text}</em></div></div>

            """
        );
    }

    /// <summary>Returns four to nine ticks at round numbers of seconds.</summary>
    private static IEnumerable<Html> Ticks(double total)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(total / 4)));
        double pace = power * Rounds.Last(round => round == 1 || total / (power * round) >= 4);
        for (double at = 0; at <= total; at += pace)
            yield return Html.Of($"<i style=\"left:{100 * at / total}\">{Label(at)}</i>");
    }

    private static string Label(double seconds) =>
        seconds < 120
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.#} min");
}
