namespace EtcdMaint.Forecasts;

/// <summary>When a trend reaches a size, in days after the newest sample.</summary>
/// <param name="Days">The most likely time.</param>
/// <param name="Minimum">The start of the interval.</param>
/// <param name="Maximum">The end of the interval; null if it has none.</param>
internal sealed record TrendCrossing(double Days, double Minimum, double? Maximum)
{
    /// <summary>The standard deviations on each side of an interval that is right in 80 % of the cases.</summary>
    public const double Deviations = 1.2816;

    /// <summary>
    /// Returns the earlier one. A file is never smaller than the data in it, so it reaches a size with the data or
    /// earlier.
    /// </summary>
    public static TrendCrossing? Earlier(TrendCrossing? first, TrendCrossing? second) =>
        second is null || first?.Days <= second.Days ? first : second;
}
