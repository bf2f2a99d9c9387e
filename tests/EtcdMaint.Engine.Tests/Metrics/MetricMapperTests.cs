using EtcdMaint.Metrics;

namespace EtcdMaint.Engine.Tests.Metrics;

/// <summary>What each kind of row says in metrics, and that an unknown value has no sample.</summary>
public sealed class MetricMapperTests
{
    [Fact]
    public void A_run_has_its_status_times_and_results()
    {
        EtcdMaintenanceReport report = MetricRows.Report(
            EtcdMaintenanceStatus.Succeeded,
            defrag: [MetricRows.Defrag(1.5), MetricRows.Defrag(6.4), new() { Status = EtcdDefragStatus.Skipped }]
        );
        IReadOnlyDictionary<string, double> samples = Map(RunMetrics.Mapper, report);
        double end = MetricRows.Start.ToUnixTimeSeconds() + 41.5;
        Assert.Equal(end, samples["etcdmaint_run_timestamp_seconds"]);
        Assert.Equal(end, samples["etcdmaint_run_success_timestamp_seconds"]);
        Assert.Equal(41.5, samples["etcdmaint_run_duration_seconds"]);
        Assert.Equal(2, samples["etcdmaint_run_defragmented_members"]);
        Assert.Equal(3_600_000_000, samples["etcdmaint_run_reclaimed_bytes"]);
        Assert.Equal(6.4, samples["etcdmaint_run_longest_pause_seconds"]);
        Assert.Equal(0.04, samples["etcdmaint_run_worst_stall_seconds"]);
        Assert.Equal(0, samples["etcdmaint_run_errors"]);
    }

    [Fact]
    public void Exactly_one_status_is_1_and_a_plan_is_none_of_them()
    {
        foreach (EtcdMaintenanceStatus status in Enum.GetValues<EtcdMaintenanceStatus>())
        {
            IReadOnlyDictionary<string, double> samples = Map(RunMetrics.Mapper, MetricRows.Report(status));
            string[] current = [.. samples.Where(s => s.Key.Contains("_status ") && s.Value is 1).Select(s => s.Key)];
            Assert.DoesNotContain("etcdmaint_run_status Planned", samples.Keys);
            if (status is not EtcdMaintenanceStatus.Planned)
                Assert.Equal([$"etcdmaint_run_status {status}"], current);
        }
    }

    [Theory]
    [InlineData(EtcdMaintenanceStatus.Succeeded, true, true)]
    [InlineData(EtcdMaintenanceStatus.NothingToDo, true, true)]
    [InlineData(EtcdMaintenanceStatus.Skipped, true, false)]
    [InlineData(EtcdMaintenanceStatus.Failed, true, false)]
    [InlineData(EtcdMaintenanceStatus.NotAttempted, false, false)]
    [InlineData(EtcdMaintenanceStatus.Unreachable, false, false)]
    public void Only_a_run_that_took_place_has_a_time_and_only_a_success_counts_as_one(
        EtcdMaintenanceStatus status,
        bool hasTime,
        bool isSuccess
    )
    {
        IReadOnlyDictionary<string, double> samples = Map(RunMetrics.Mapper, MetricRows.Report(status));
        Assert.Equal(hasTime, samples.ContainsKey("etcdmaint_run_timestamp_seconds"));
        Assert.Equal(hasTime, samples.ContainsKey("etcdmaint_run_duration_seconds"));
        Assert.Equal(isSuccess, samples.ContainsKey("etcdmaint_run_success_timestamp_seconds"));
    }

    [Fact]
    public void Unknown_leases_and_pauses_have_no_sample_and_a_run_without_a_pause_cost_none()
    {
        EtcdMaintenanceReport unknown = MetricRows.Report(
            EtcdMaintenanceStatus.Failed,
            defrag: [MetricRows.Defrag(1.5), MetricRows.Defrag(null)]
        );
        IReadOnlyDictionary<string, double> samples = Map(RunMetrics.Mapper, unknown);
        Assert.DoesNotContain("etcdmaint_run_lost_leases", samples.Keys);
        Assert.DoesNotContain("etcdmaint_run_longest_pause_seconds", samples.Keys);
        Assert.DoesNotContain("etcdmaint_run_snapshot_proven", samples.Keys);

        samples = Map(RunMetrics.Mapper, MetricRows.Report(EtcdMaintenanceStatus.NothingToDo));
        Assert.Equal(0, samples["etcdmaint_run_lost_leases"]);
        Assert.Equal(0, samples["etcdmaint_run_longest_pause_seconds"]);
        Assert.DoesNotContain("etcdmaint_run_worst_stall_seconds", samples.Keys);
    }

    [Fact]
    public void A_member_has_its_sizes_role_and_both_alarms()
    {
        IReadOnlyDictionary<string, double> samples = Map(MemberMetrics.Mapper, MetricRows.Member("etcd-1"));
        Assert.Equal(1, samples["etcdmaint_member_info c1 a1 3.5.30"]);
        Assert.Equal(1, samples["etcdmaint_member_is_leader"]);
        Assert.Equal(0, samples["etcdmaint_member_is_learner"]);
        Assert.Equal(214_000_000, samples["etcdmaint_member_db_size_in_use_bytes"]);
        Assert.Equal(8_000_000_000, samples["etcdmaint_member_quota_bytes"]);
        Assert.Equal(812_903, samples["etcdmaint_member_revision"]);
        Assert.Equal(1, samples["etcdmaint_member_alarm NoSpace"]);
        Assert.Equal(0, samples["etcdmaint_member_alarm Corrupt"]);
    }

    [Fact]
    public void A_member_that_does_not_answer_has_only_its_identity() =>
        Assert.Equal(
            ["etcdmaint_member_info c1 a1 ", "etcdmaint_member_is_learner", "etcdmaint_member_reachable"],
            Map(MemberMetrics.Mapper, MetricRows.Silent("etcd-1", "a1")).Keys.Order(StringComparer.Ordinal)
        );

    [Fact]
    public void A_health_check_counts_its_findings_by_severity_and_by_ID()
    {
        var report = new EtcdHealthReport
        {
            ClusterName = "prod",
            CheckedAt = MetricRows.Start,
            Finding =
            [
                MetricRows.Finding("NoSpaceArmed", EtcdFindingSeverity.Error),
                MetricRows.Finding("CertificateExpiring", EtcdFindingSeverity.Warning),
                MetricRows.Finding("CertificateExpiring", EtcdFindingSeverity.Warning),
                MetricRows.Finding("CertificateExpiring", EtcdFindingSeverity.Information),
            ],
        };
        IReadOnlyDictionary<string, double> samples = Map(HealthMetrics.Mapper, report);
        Assert.Equal(0, samples["etcdmaint_health_ok"]);
        Assert.Equal(1, samples["etcdmaint_health_findings Error"]);
        Assert.Equal(2, samples["etcdmaint_health_findings Warning"]);
        Assert.Equal(1, samples["etcdmaint_health_findings_by_id NoSpaceArmed Error"]);
        Assert.Equal(2, samples["etcdmaint_health_findings_by_id CertificateExpiring Warning"]);
        Assert.Equal(MetricRows.Start.ToUnixTimeSeconds(), samples["etcdmaint_health_timestamp_seconds"]);

        samples = Map(HealthMetrics.Mapper, new EtcdHealthReport { ClusterName = "prod" });
        Assert.Equal(1, samples["etcdmaint_health_ok"]);
        Assert.Equal(0, samples["etcdmaint_health_findings Error"]);
        Assert.DoesNotContain("etcdmaint_health_timestamp_seconds", samples.Keys);
    }

    [Fact]
    public void A_forecast_has_times_and_nothing_that_cannot_be_told()
    {
        var forecast = new EtcdForecast
        {
            ClusterName = "prod",
            LastSampleAt = MetricRows.Start,
            DaysToQuotaByLiveData = 10.5,
            NextRunDue = MetricRows.Start.AddDays(2),
        };
        long start = MetricRows.Start.ToUnixTimeSeconds();
        Assert.Equal(
            new Dictionary<string, double>
            {
                ["etcdmaint_forecast_live_data_quota_timestamp_seconds"] = start + (10.5 * 86400),
                ["etcdmaint_forecast_run_due_timestamp_seconds"] = start + (2 * 86400),
                ["etcdmaint_forecast_sample_timestamp_seconds"] = start,
            },
            Map(ForecastMetrics.Mapper, forecast)
        );
    }

    /// <summary>The values by name, and by the labels that do not identify the row.</summary>
    private static Dictionary<string, double> Map<T>(MetricMapper<T> mapper, T row)
    {
        string[] identity = mapper.First().Label.Contains("member") ? ["prod", "etcd-1"] : ["prod"];
        return mapper
            .Map(row, identity)
            .ToDictionary(
                sample => string.Join(' ', [sample.Family.Name, .. sample.LabelValue.Skip(identity.Length)]),
                sample => sample.Value
            );
    }
}
