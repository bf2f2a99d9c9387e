using EtcdMaint.Engine.Tests.SizeHistory;
using EtcdMaint.Forecasts;
using EtcdMaint.SizeHistory;

namespace EtcdMaint.Engine.Tests.Forecasts;

/// <summary>
/// The forecast of clusters: which member decides, when the next run is due, and why there is no forecast.
/// </summary>
public sealed class ForecastPolicyTests
{
    private const double Megabyte = 1e6;

    [Fact]
    public void A_growing_cluster_reaches_its_quota_by_file_and_by_live_data()
    {
        EtcdForecast forecast = Assert.Single(Forecast(Growing()));
        Assert.Equal(EtcdGrowthPattern.Steady, forecast.Pattern);
        Assert.InRange(forecast.DaysToQuotaByFile!.Value, 69, 71);
        Assert.InRange(forecast.DaysToQuotaByFile.Value, forecast.DaysToQuotaByFileMinimum!.Value, 71);
        Assert.InRange(forecast.DaysToQuotaByLiveData!.Value, 79, 81);
        Assert.Null(forecast.Reason);
        Assert.Equal(31, forecast.SampleCount);
        Assert.Equal(SampleHistory.Start, forecast.FirstSampleAt);
        Assert.Equal(SampleHistory.Start.AddDays(30), forecast.LastSampleAt);
        Assert.Equal((1_300_000_000, 1_200_000_000), (forecast.DbSize, forecast.DbSizeInUse));
        Assert.Equal(2_000_000_000, forecast.QuotaBytes);
        Assert.InRange(forecast.FileGrowthBytesPerDay!.Value, 9.9 * Megabyte, 10.1 * Megabyte);
        Assert.InRange(forecast.WritesPerDay!.Value, 23_900, 24_100);
    }

    [Fact]
    public void The_next_run_is_due_when_the_file_nears_its_quota()
    {
        // 80 % of 2 GB, from 1.3 GB at 10 MB a day.
        DateTimeOffset due = Assert.Single(Forecast(Growing())).NextRunDue!.Value;
        Assert.InRange((due - SampleHistory.Start).TotalDays, 59, 61);
    }

    [Fact]
    public void The_next_run_is_due_when_the_free_pages_reach_the_thresholds()
    {
        EtcdForecast forecast = Assert.Single(
            Forecast(Days(30).Select(day => SampleHistory.Status(day, (300 + (3 * day)) * Megabyte, 300 * Megabyte)))
        );
        // 45 % of the file are free at 545 MB.
        Assert.InRange((forecast.NextRunDue!.Value - SampleHistory.Start).TotalDays, 80, 84);
    }

    [Fact]
    public void The_next_run_is_due_now_if_the_newest_sample_reaches_the_thresholds()
    {
        EtcdForecast forecast = Assert.Single(Forecast([SampleHistory.Status(0, 900 * Megabyte, 100 * Megabyte)]));
        Assert.Equal(EtcdGrowthPattern.TooShort, forecast.Pattern);
        Assert.Equal(SampleHistory.Start, forecast.NextRunDue);
        Assert.Null(forecast.DaysToQuotaByFile);
        Assert.Equal("The history needs samples of at least 5 days.", forecast.Reason);
    }

    [Theory]
    [InlineData(1000L, true)]
    [InlineData(9000L, false)]
    public void History_counts_only_if_no_other_client_compacts(long compactedBeforeTheSecondRun, bool isDue)
    {
        EtcdForecast forecast = Assert.Single(
            Forecast([
                SampleHistory.Run(0, 60 * Megabyte, 50 * Megabyte, 0, 1000),
                SampleHistory.Run(1, 60 * Megabyte, 50 * Megabyte, compactedBeforeTheSecondRun, 24_000),
            ])
        );
        // 6,000 revisions and one hour of writes, at 1,000 an hour.
        if (isDue)
            Assert.InRange((forecast.NextRunDue!.Value - SampleHistory.Start.AddDays(1)).TotalHours, 4.9, 5.2);
        else
            Assert.Null(forecast.NextRunDue);
    }

    [Fact]
    public void The_member_that_reaches_its_quota_first_decides()
    {
        EtcdForecast forecast = Assert.Single(
            Forecast(
                Growing()
                    .Concat(
                        Days(30).Select(day => SampleHistory.Status(day, (1500 + day) * Megabyte, member: "etcd-2"))
                    )
            )
        );
        Assert.Equal(("etcd-1", "id-etcd-1"), (forecast.MemberName, forecast.MemberId));
    }

    [Fact]
    public void A_member_that_was_removed_does_not_count()
    {
        EtcdForecast forecast = Assert.Single(
            Forecast(
                Growing()
                    .Concat(
                        Days(20).Select(day => SampleHistory.Status(day, (1500 + (20 * day)) * Megabyte, member: "old"))
                    )
            )
        );
        Assert.Equal("etcd-1", forecast.MemberName);
    }

    [Fact]
    public void Each_cluster_has_a_row_and_one_that_was_created_again_only_its_newest()
    {
        EtcdForecast[] forecasts =
        [
            .. Forecast([
                SampleHistory.Status(0, 1, cluster: "prod", clusterId: "c1"),
                SampleHistory.Status(1, 2, cluster: "edge", clusterId: "c3"),
                SampleHistory.Status(2, 3, cluster: "prod", clusterId: "c2"),
            ]),
        ];
        Assert.Equal([("edge", "c3"), ("prod", "c2")], forecasts.Select(f => (f.ClusterName, f.ClusterId)));
    }

    [Fact]
    public void Beyond_the_horizon_there_is_a_reason_and_no_number()
    {
        EtcdForecast forecast = Assert.Single(ForecastPolicy.Create([.. Growing()], 75));
        Assert.NotNull(forecast.DaysToQuotaByFile);
        Assert.Null(forecast.DaysToQuotaByLiveData);
        Assert.Equal("The live data does not reach the quota within 75 days, at 10 MB per day.", forecast.Reason);
    }

    [Fact]
    public void Without_a_quota_there_is_no_forecast()
    {
        EtcdForecast forecast = Assert.Single(
            Forecast(Days(30).Select(day => SampleHistory.Status(day, (100 + day) * Megabyte, quota: null)))
        );
        Assert.Null(forecast.DaysToQuotaByFile);
        Assert.Equal("The quota of the member is unknown.", forecast.Reason);
        Assert.NotNull(forecast.FileGrowthBytesPerDay);
    }

    [Fact]
    public void A_full_member_has_zero_days_left_even_with_one_sample()
    {
        EtcdForecast forecast = Assert.Single(Forecast([SampleHistory.Status(0, 2001 * Megabyte, 200 * Megabyte)]));
        Assert.Equal(0, forecast.DaysToQuotaByFile);
        Assert.Null(forecast.DaysToQuotaByLiveData);
    }

    [Fact]
    public void The_reason_tells_since_when_a_size_has_not_grown()
    {
        EtcdForecast forecast = Assert.Single(
            Forecast(Days(40).Select(day => SampleHistory.Status(day, (day < 20 ? 500 : 900) * Megabyte)))
        );
        Assert.Equal(EtcdGrowthPattern.Step, forecast.Pattern);
        Assert.Equal(
            "The live data changed once, on 2026-08-21, and has not grown since. "
                + "The file changed once, on 2026-08-21, and has not grown since.",
            forecast.Reason
        );
    }

    [Fact]
    public void The_sizes_after_a_run_are_samples_too()
    {
        EtcdForecast forecast = Assert.Single(
            Forecast([SampleHistory.Run(0, 900 * Megabyte, 100 * Megabyte, null, null)])
        );
        Assert.Equal((2, 100_000_000), (forecast.SampleCount, forecast.DbSize));
        Assert.Null(forecast.NextRunDue);
    }

    private static IEnumerable<double> Days(int last) => Enumerable.Range(0, last + 1).Select(day => (double)day);

    /// <summary>1 GB of file and 0.9 GB of data, which grow by 10 MB a day, with a quota of 2 GB.</summary>
    private static IEnumerable<HistoryRecord> Growing() =>
        Days(30)
            .Select(day => SampleHistory.Status(day, (1000 + (10 * day)) * Megabyte, (900 + (10 * day)) * Megabyte));

    private static IEnumerable<EtcdForecast> Forecast(IEnumerable<HistoryRecord> records) =>
        ForecastPolicy.Create([.. records], ForecastPolicy.DefaultHorizonDays);
}
