using EtcdMaint.Metrics;

namespace EtcdMaint.Engine.Tests.Metrics;

/// <summary>No sample occurs twice, for each combination of rows.</summary>
public sealed class MetricCollectorTests
{
    private readonly MetricCollector _metrics = new();

    [Fact]
    public void The_last_row_counts()
    {
        _metrics.Add(MetricRows.Report(EtcdMaintenanceStatus.Unreachable, clusterId: ""));
        _metrics.Add(MetricRows.Report(EtcdMaintenanceStatus.Succeeded));
        _metrics.Add(MetricRows.Silent("etcd-1", "a1"));
        _metrics.Add(new EtcdHealthReport { ClusterName = "prod", MemberStatus = [MetricRows.Member("etcd-1")] });
        _metrics.Add(new EtcdForecast { ClusterName = "prod", LastSampleAt = MetricRows.Start });
        _metrics.Add(new EtcdForecast { ClusterName = "prod", LastSampleAt = MetricRows.Start.AddDays(1) });
        AssertUnique();
        Assert.Equal(
            MetricRows.Start.AddDays(1).ToUnixTimeSeconds(),
            Value("etcdmaint_forecast_sample_timestamp_seconds", "prod")
        );
        Assert.Equal(1, Value("etcdmaint_run_status", "prod", "Succeeded"));
        Assert.Equal(0, Value("etcdmaint_run_status", "prod", "Unreachable"));
        Assert.Equal(1, Value("etcdmaint_member_reachable", "prod", "etcd-1"));
    }

    [Fact]
    public void Members_with_the_same_name_or_without_one_have_their_IDs()
    {
        _metrics.Add(MetricRows.Member("default", "a1"));
        _metrics.Add(MetricRows.Member("default", "a2"));
        _metrics.Add(MetricRows.Member("", "a3"));
        _metrics.Add(MetricRows.Member("etcd-4", "a4"));
        _metrics.Add(MetricRows.Member("default", "b1", "edge", "c2"));
        AssertUnique();
        Assert.Equal(
            ["edge default", "prod a1", "prod a2", "prod a3", "prod etcd-4"],
            _metrics
                .Collect()
                .Where(sample => sample.Family.Name == "etcdmaint_member_reachable")
                .Select(sample => string.Join(' ', sample.LabelValue))
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Two_clusters_with_one_name_are_an_error()
    {
        _metrics.Add(MetricRows.Report(EtcdMaintenanceStatus.Succeeded));
        var error = Assert.ThrowsAny<EtcdException>(() =>
            _metrics.Add(MetricRows.Member("etcd-1", "b1", clusterId: "c2"))
        );
        Assert.Equal(ErrorIds.MetricClusterAmbiguous, error.ErrorId);
        Assert.Contains("'prod'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_has_the_sizes_of_its_members_after_it_under_names_of_their_own()
    {
        _metrics.Add(MetricRows.Report(EtcdMaintenanceStatus.NothingToDo));
        _metrics.Add(MetricRows.Member("etcd-1"));
        AssertUnique();
        Assert.Equal(2_140_000_001, Value("etcdmaint_run_member_db_size_bytes", "prod", "etcd-1"));
        Assert.Equal(214_000_000, Value("etcdmaint_run_member_db_size_in_use_bytes", "prod", "etcd-1"));
    }

    private void AssertUnique()
    {
        string[] series =
        [
            .. _metrics.Collect().Select(sample => $"{sample.Family.Name} {string.Join(' ', sample.LabelValue)}"),
        ];
        Assert.NotEmpty(series);
        Assert.Equal(series.Distinct(), series);
    }

    private double Value(string name, params string[] labels) =>
        _metrics.Collect().Single(s => s.Family.Name == name && s.LabelValue.SequenceEqual(labels)).Value;
}
