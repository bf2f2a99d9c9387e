using System.Globalization;
using System.Text;

namespace EtcdMaint.Metrics;

/// <summary>Writes samples in the text format 0.0.4 of Prometheus.</summary>
internal static class MetricText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The text, in which all samples of a metric follow its description.</summary>
    public static string Write(IEnumerable<MetricSample> samples)
    {
        var text = new StringBuilder();
        ILookup<MetricFamily, MetricSample> byFamily = samples.ToLookup(sample => sample.Family);
        foreach (MetricFamily family in MetricCatalog.All.Where(byFamily.Contains))
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(family.Help).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(" gauge\n");
            foreach (MetricSample sample in byFamily[family])
                AppendSample(text, sample);
        }
        return text.ToString();
    }

    private static void AppendSample(StringBuilder text, MetricSample sample)
    {
        text.Append(sample.Family.Name);
        for (int i = 0; i < sample.LabelValue.Count; i++)
            text.Append(i == 0 ? '{' : ',')
                .Append(sample.Family.Label[i])
                .Append("=\"")
                .Append(Escape(sample.LabelValue[i]))
                .Append('"');
        text.Append("} ").Append(sample.Value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>The records contain no control characters. The format has no escape for any other than these.</summary>
    private static string Escape(string value) =>
        PlainText
            .Of(value)
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
}
