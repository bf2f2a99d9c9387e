using System.Globalization;

namespace EtcdMaint.Benchmarks.Results;

/// <summary>The table of a run, in Markdown, so that it can be copied to the documentation.</summary>
internal static class ConsoleTable
{
    private static readonly string[] Head =
    [
        "measure",
        "unit",
        "contender",
        "n",
        "median (least to most)",
        "module ÷ it",
        "target",
    ];

    public static void Write(TextWriter to, IEnumerable<MeasureResult> results)
    {
        List<string[]> rows = [Head, [.. Head.Select(_ => "---")]];
        var notes = new List<string>();
        foreach (MeasureResult result in results)
        {
            if (result.Failure is not null)
                notes.Add($"{result.Measure}: failed, {result.Failure}");
            foreach (Case measured in result.Cases)
                rows.AddRange(measured.Series.Select(s => Row(measured, s, notes)));
            notes.AddRange(result.Notes.Select(n => $"{result.Measure}: {n}"));
        }
        int[] widths = [.. Head.Select((_, column) => rows.Max(r => r[column].Length))];
        foreach (string[] row in rows)
        {
            var cells = row.Select((cell, column) => cell.PadRight(widths[column], cell == "---" ? '-' : ' '));
            to.WriteLine($"| {string.Join(" | ", cells)} |");
        }
        foreach (string note in notes.Distinct())
            to.WriteLine($"- {note}");
    }

    private static string[] Row(Case measured, Series series, List<string> notes)
    {
        bool isModule = series == measured.Module;
        return
        [
            isModule ? measured.Name : "",
            isModule ? measured.Unit : "",
            series.Contender,
            series.Samples.Count.ToString(CultureInfo.InvariantCulture),
            series.Spread is { } spread
                ? $"{Number(spread.Median)} ({Number(spread.Least)} to {Number(spread.Most)})"
                : "",
            isModule ? "" : Ratio(measured, series, notes),
            isModule ? Verdict(measured) : "",
        ];
    }

    private static string Ratio(Case measured, Series series, List<string> notes)
    {
        if (measured.Module.WhyNotComparable(series) is { } reason)
        {
            notes.Add($"{measured.Name}: {reason}");
            return "not compared";
        }
        return measured.Module.RatioTo(series) is { } ratio
            ? $"{Number(ratio.Median)} ({Number(ratio.Least)} to {Number(ratio.Most)})"
            : "-";
    }

    private static string Verdict(Case measured) =>
        measured.Target is not { } target
            ? ""
            : $"{target.Text}: "
                + measured.Verdict switch
                {
                    Results.Verdict.Met => "met",
                    Results.Verdict.Undecided => "undecided",
                    Results.Verdict.Missed => "MISSED",
                    _ => "open",
                };

    /// <summary>Three significant digits.</summary>
    private static string Number(double value) =>
        Math.Abs(value) switch
        {
            0 => "0",
            >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
            >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
            >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
            _ => value.ToString("0.000", CultureInfo.InvariantCulture),
        };
}
