using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using EtcdMaint.Metrics;

namespace EtcdMaint.Engine.Tests.Metrics;

/// <summary>docs/metrics.md describes every metric, and names follow the conventions of Prometheus.</summary>
public sealed partial class MetricPageTests
{
    [Fact]
    public void The_page_lists_every_metric_with_its_labels_and_meaning() =>
        Assert.Equal(
            MetricCatalog.All.Select(family => (family.Name, string.Join(", ", family.Label), family.Help)),
            Rows().Select(row => (row.Name, row.Labels, row.Meaning))
        );

    [Fact]
    public void The_unit_on_the_page_is_that_of_the_name() =>
        Assert.All(
            Rows(),
            row =>
                Assert.Equal(
                    row.Name.EndsWith("_timestamp_seconds", StringComparison.Ordinal) ? "seconds since 1970"
                        : row.Name.EndsWith("_seconds", StringComparison.Ordinal) ? "seconds"
                        : row.Name.EndsWith("_bytes", StringComparison.Ordinal) ? "bytes"
                        : row.Meaning.StartsWith("1 ", StringComparison.Ordinal) ? "0 or 1"
                        : row.Name.EndsWith("_info", StringComparison.Ordinal) ? "1"
                        : "number",
                    row.Unit
                )
        );

    [Fact]
    public void Names_are_unique_have_the_prefix_and_are_no_counters()
    {
        Assert.Equal(MetricCatalog.All.Count, MetricCatalog.All.DistinctBy(family => family.Name).Count());
        Assert.All(MetricCatalog.All, family => Assert.Matches("^etcdmaint_[a-z_]+$", family.Name));
        Assert.DoesNotContain(MetricCatalog.All, family => family.Name.EndsWith("_total", StringComparison.Ordinal));
        Assert.All(MetricCatalog.All, family => Assert.Equal("cluster", family.Label[0]));
        Assert.All(MetricCatalog.All, family => Assert.Matches(@"^[^\\\n]+\.$", family.Help));
    }

    private static IEnumerable<(string Name, string Unit, string Labels, string Meaning)> Rows() =>
        Row()
            .Matches(File.ReadAllText(Page()))
            .Select(row =>
                (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value.Replace("`", ""), row.Groups[4].Value)
            );

    private static string Page([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "metrics.md"));

    [GeneratedRegex(@"^\| `(etcdmaint_\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
