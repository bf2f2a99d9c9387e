using System.Globalization;

namespace EtcdMaint.Forecasts;

/// <summary>Explains why a forecast does not exist.</summary>
internal static class ForecastReason
{
    /// <summary>Returns null if there is a forecast by the file and one by the live data.</summary>
    public static string? Of(MemberForecast member, int horizonDays)
    {
        if (member.Series.QuotaBytes is null)
            return "The quota of the member is unknown.";
        string? file = member.ByFile is null ? Explain(member.File, member, horizonDays) : null;
        string? data = member.ByLiveData is null ? Explain(member.LiveData, member, horizonDays) : null;
        if (member.File.Pattern is EtcdGrowthPattern.TooShort && (file ?? data) is { } why)
            return $"The history {why}.";
        return (file, data) switch
        {
            (null, null) => null,
            (null, _) => $"The live data {data}.",
            (_, null) => $"The file {file}.",
            _ => $"The live data {data}. The file {file}.",
        };
    }

    private static string Explain(GrowthTrend trend, MemberForecast member, int horizonDays)
    {
        DateTimeOffset? changed = trend.ChangeDay is { } day ? member.Series.LastAt.AddDays(day) : null;
        string since = string.Create(CultureInfo.InvariantCulture, $"{changed?.UtcDateTime:yyyy-MM-dd}");
        if (trend.Pattern is EtcdGrowthPattern.TooShort)
            return $"needs samples of at least {GrowthEstimator.MinimumPeriods} days";
        if (!trend.IsKnown)
            return $"changed on {since}, and later samples are too few to tell how it grows";
        if (trend.Slope > 0)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"does not reach the quota within {horizonDays} days, at {ByteText.Of((long)trend.Slope)} per day"
            );
        return trend.Pattern switch
        {
            EtcdGrowthPattern.Shrinking => "shrinks",
            EtcdGrowthPattern.Step => $"changed once, on {since}, and has not grown since",
            EtcdGrowthPattern.Burst => $"grew until {since}, and has not grown since",
            _ => "does not grow beyond its variation",
        };
    }
}
