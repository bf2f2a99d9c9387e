using EtcdMaint.SizeHistory;

namespace EtcdMaint.Forecasts;

/// <summary>Makes the forecasts of the clusters in a history.</summary>
internal static class ForecastPolicy
{
    /// <summary>The days in which a forecast is made by default. Teams plan a quarter ahead.</summary>
    public const int DefaultHorizonDays = 90;

    /// <summary>
    /// Time without a sample after which a member counts as removed, if others of the cluster have newer samples.
    /// </summary>
    private static readonly TimeSpan GoneAfter = TimeSpan.FromDays(7);

    /// <summary>The time whose revisions show the rate of the writes.</summary>
    private static readonly TimeSpan RateTime = TimeSpan.FromDays(30);

    /// <summary>
    /// Returns a forecast for each cluster, in order of the names. A cluster that was created again under its name has
    /// a new ID; only the newest is forecast.
    /// </summary>
    public static IEnumerable<EtcdForecast> Create(IReadOnlyList<HistoryRecord> records, int horizonDays) =>
        records
            .Where(record => record.Member.Count > 0)
            .OrderBy(record => record.StartedAt)
            .GroupBy(record => record.ClusterName)
            .OrderBy(cluster => cluster.Key, StringComparer.Ordinal)
            .Select(cluster => Forecast([.. cluster.Where(r => r.ClusterId == cluster.Last().ClusterId)], horizonDays));

    private static EtcdForecast Forecast(IReadOnlyList<HistoryRecord> records, int horizonDays)
    {
        MemberSeries[] all = [.. MemberSeries.Of(records)];
        DateTimeOffset newest = all.Max(series => series.LastAt);
        MemberForecast[] members =
        [
            .. all.Where(series => newest - series.LastAt <= GoneAfter)
                .Select(series => new MemberForecast(series, horizonDays)),
        ];
        MemberForecast worst = members
            .OrderBy(member => member.ByFile?.Days ?? double.PositiveInfinity)
            .ThenBy(member => member.ByLiveData?.Days ?? double.PositiveInfinity)
            .ThenByDescending(member => member.QuotaUsedRatio)
            .ThenByDescending(member => member.Series.File[^1].Bytes)
            .First();
        double? writes = WritesPerDay(records);
        return new EtcdForecast
        {
            ClusterName = records[^1].ClusterName,
            ClusterId = records[^1].ClusterId,
            MemberId = worst.Series.MemberId,
            MemberName = worst.Series.MemberName,
            Pattern = worst.LiveData.Pattern,
            DaysToQuotaByFile = worst.ByFile?.Days,
            DaysToQuotaByFileMinimum = worst.ByFile?.Minimum,
            DaysToQuotaByFileMaximum = worst.ByFile?.Maximum,
            DaysToQuotaByLiveData = worst.ByLiveData?.Days,
            DaysToQuotaByLiveDataMinimum = worst.ByLiveData?.Minimum,
            DaysToQuotaByLiveDataMaximum = worst.ByLiveData?.Maximum,
            NextRunDue = NextRun(members, records, writes, horizonDays),
            Reason = ForecastReason.Of(worst, horizonDays),
            DbSize = (long)worst.Series.File[^1].Bytes,
            DbSizeInUse = (long)worst.Series.InUse[^1].Bytes,
            QuotaBytes = worst.Series.QuotaBytes,
            FileGrowthBytesPerDay = worst.File.IsKnown ? worst.File.Slope : null,
            LiveDataGrowthBytesPerDay = worst.LiveData.IsKnown ? worst.LiveData.Slope : null,
            WritesPerDay = writes,
            SampleCount = worst.Series.File.Length,
            FirstSampleAt = worst.Series.FirstAt,
            LastSampleAt = worst.Series.LastAt,
        };
    }

    private static DateTimeOffset? NextRun(
        MemberForecast[] members,
        IReadOnlyList<HistoryRecord> records,
        double? writesPerDay,
        int horizonDays
    )
    {
        DateTimeOffset newest = members.Max(member => member.Series.LastAt);
        DateTimeOffset? bySizes = members.Min(member =>
            NextRunEstimator.BySizes(member, horizonDays) is { } days
                ? member.Series.LastAt.AddDays(days)
                : (DateTimeOffset?)null
        );
        DateTimeOffset? byHistory = NextRunEstimator.ByHistory(records, writesPerDay);
        if (byHistory > newest.AddDays(horizonDays))
            byHistory = null;
        if (byHistory < newest)
            byHistory = newest;
        return bySizes is null || byHistory < bySizes ? byHistory : bySizes;
    }

    private static double? WritesPerDay(IReadOnlyList<HistoryRecord> records)
    {
        HistoryRecord[] known =
        [
            .. records.Where(r => r.Revision is not null && r.StartedAt >= records[^1].StartedAt - RateTime),
        ];
        if (
            known is not [var first, .., var last]
            || last.StartedAt <= first.StartedAt
            || last.Revision < first.Revision
        )
            return null;
        return (last.Revision - first.Revision) / (last.StartedAt - first.StartedAt).TotalDays;
    }
}
