using EtcdMaint.Metrics;

namespace EtcdMaint.Engine.Tests.Metrics;

/// <summary>The text format of Prometheus: descriptions, grouping, escapes and numbers.</summary>
public sealed class MetricTextTests
{
    [Fact]
    public void Each_metric_has_one_description_and_all_of_its_samples_follow_it()
    {
        var metrics = new MetricCollector();
        metrics.Add(MetricRows.Member("etcd-1", "a1"));
        metrics.Add(MetricRows.Report(EtcdMaintenanceStatus.Succeeded));
        metrics.Add(MetricRows.Member("etcd-2", "a2"));
        metrics.Add(MetricRows.Report(EtcdMaintenanceStatus.Failed, "edge", "c2"));
        string[] lines = MetricText.Write(metrics.Collect()).TrimEnd('\n').Split('\n');

        string[] described = [.. lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal))];
        Assert.Equal(described.Distinct(), described);
        Assert.All(described, line => Assert.EndsWith(" gauge", line, StringComparison.Ordinal));
        Assert.Equal(described.Length, lines.Count(line => line.StartsWith("# HELP", StringComparison.Ordinal)));
        string current = "";
        foreach (string line in lines)
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
                current = line.Split(' ')[2];
            else
                Assert.Equal(current, line.Split('{')[0]);
        }
    }

    [Fact]
    public void The_text_ends_with_a_line_feed_and_contains_no_carriage_return()
    {
        string text = Write(MetricRows.Member("etcd-1"));
        Assert.EndsWith("} 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Theory]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("say \"hi\"", "say \\\"hi\\\"")]
    [InlineData("two\nlines", "two lines")]
    [InlineData("red\u001b[31m", "red\uFFFD[31m")]
    [InlineData("hidden\u202Eorder", "hidden\uFFFDorder")]
    [InlineData("prod, eu {1}=2", "prod, eu {1}=2")]
    [InlineData("größe", "größe")]
    public void Labels_are_escaped(string name, string written) =>
        Assert.Contains(
            $"etcdmaint_member_reachable{{cluster=\"prod\",member=\"{written}\"}} 1\n",
            Write(MetricRows.Member(name)),
            StringComparison.Ordinal
        );

    [Fact]
    public void Numbers_are_exact_and_do_not_depend_on_the_culture()
    {
        string text = Write(MetricRows.Member("etcd-1"));
        Assert.Contains(
            "db_size_bytes{cluster=\"prod\",member=\"etcd-1\"} 2140000001\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("latency_seconds{cluster=\"prod\",member=\"etcd-1\"} 0.0025\n", text, StringComparison.Ordinal);
    }

    private static string Write(EtcdMemberStatus member)
    {
        var metrics = new MetricCollector();
        metrics.Add(member);
        return MetricText.Write(metrics.Collect());
    }
}
