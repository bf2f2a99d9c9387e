namespace EtcdMaint.Metrics;

/// <summary>
/// The metrics of a forecast. They are times, and not the days until then, so that they stay right between two
/// forecasts.
/// </summary>
internal static class ForecastMetrics
{
    public static MetricMapper<EtcdForecast> Mapper { get; } =
        new("cluster")
        {
            {
                "etcdmaint_forecast_file_quota_timestamp_seconds",
                "When a file reaches its quota without maintenance. Missing if it does not, or cannot be determined.",
                forecast => After(forecast, forecast.DaysToQuotaByFile)
            },
            {
                "etcdmaint_forecast_live_data_quota_timestamp_seconds",
                "When the data in use reaches the quota. Missing if it does not, or cannot be determined.",
                forecast => After(forecast, forecast.DaysToQuotaByLiveData)
            },
            {
                "etcdmaint_forecast_run_due_timestamp_seconds",
                "When the next run is due. Missing if it is not, or cannot be determined.",
                forecast => forecast.NextRunDue is { } due ? MetricValues.Time(due) : null
            },
            {
                "etcdmaint_forecast_sample_timestamp_seconds",
                "The time of the newest sample of the forecast.",
                forecast => MetricValues.Time(forecast.LastSampleAt)
            },
        };

    private static double? After(EtcdForecast forecast, double? days) =>
        days is { } known ? MetricValues.Time(forecast.LastSampleAt + TimeSpan.FromDays(known)) : null;
}
