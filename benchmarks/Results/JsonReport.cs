using System.Text.Encodings.Web;
using System.Text.Json;

namespace EtcdMaint.Benchmarks.Results;

/// <summary>Everything that was measured, for machines.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(string path, Machine machine, DateTimeOffset startedAt, IEnumerable<MeasureResult> results) =>
        File.WriteAllText(path, JsonSerializer.Serialize(
            new { startedAt, machine, measures = results.Select(r => new { r.Measure, r.Skipped, r.Notes, cases = r.Cases.Select(Row) }) },
            Options));

    private static object Row(Case measured) => new
    {
        measured.Name,
        measured.Unit,
        target = measured.Target?.Text,
        isMet = measured.Target?.IsMet(measured),
        series = measured.Series.Select(s => new
        {
            s.Contender,
            s.Spread,
            moduleRatio = s == measured.Module ? null : measured.Module.RatioTo(s),
            notCompared = s == measured.Module ? null : measured.Module.WhyNotComparable(s),
            s.Samples,
        }),
    };
}
