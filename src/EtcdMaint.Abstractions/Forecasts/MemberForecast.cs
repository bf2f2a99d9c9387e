namespace EtcdMaint.Forecasts;

/// <summary>The forecast of one member: how its file and its data grow, and when they reach the quota.</summary>
internal sealed class MemberForecast
{
    private readonly double _horizon;

    public MemberForecast(MemberSeries series, double horizon)
    {
        _horizon = horizon;
        Series = series;
        File = GrowthEstimator.Estimate(series.File);
        LiveData = GrowthEstimator.Estimate(series.InUse);
        if (series.QuotaBytes is not { } quota)
            return;
        ByLiveData = Within(LiveData.Reaches(quota));
        ByFile = TrendCrossing.Earlier(Within(File.Reaches(quota)), ByLiveData);
    }

    public MemberSeries Series { get; }

    public GrowthTrend File { get; }

    public GrowthTrend LiveData { get; }

    public TrendCrossing? ByFile { get; }

    public TrendCrossing? ByLiveData { get; }

    /// <summary>The share of the quota that the newest file uses; 0 if the quota is unknown.</summary>
    public double QuotaUsedRatio => Series.QuotaBytes is > 0 and var quota ? Series.File[^1].Bytes / quota : 0;

    private TrendCrossing? Within(TrendCrossing? crossing) => crossing?.Days <= _horizon ? crossing : null;
}
