using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EtcdMaint.Benchmarks.Results;

/// <summary>All measurements in a machine-readable form.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // such as for a contender that reclaimed nothing
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(
        string path,
        DateTimeOffset startedAt,
        Extent extent,
        Machine machine,
        IEnumerable<MeasureResult> results
    ) =>
        File.WriteAllText(
            path,
            JsonSerializer.Serialize(
                new
                {
                    startedAt,
                    extent = extent.ToString(),
                    machine,
                    measures = results.Select(r => new
                    {
                        r.Measure,
                        r.Failure,
                        r.Notes,
                        cases = r.Cases.Select(Row),
                    }),
                },
                Options
            )
        );

    private static object Row(Case measured) =>
        new
        {
            measured.Name,
            measured.Unit,
            target = measured.Target?.Text,
            verdict = measured.Verdict?.ToString(),
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
