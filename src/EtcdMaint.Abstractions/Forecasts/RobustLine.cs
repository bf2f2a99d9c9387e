namespace EtcdMaint.Forecasts;

/// <summary>A straight line through points of which some may be far off (Theil and Sen).</summary>
/// <param name="Slope">The growth in bytes per day.</param>
/// <param name="Level">The size on the line at day 0.</param>
internal readonly record struct RobustLine(double Slope, double Level)
{
    /// <summary>
    /// The share of the absolute deviations that shows the standard deviation, and its distance in a normal
    /// distribution. The largest ones are left out, because a few are steps.
    /// </summary>
    private const double DeviationShare = 0.8;

    private const double DeviationDistance = 1.2816;

    public double At(double day) => Level + (Slope * day);

    /// <summary>The median of the slopes of all pairs, and the median of the levels.</summary>
    public static RobustLine Fit(ReadOnlySpan<SizePoint> points)
    {
        var slopes = new List<double>(points.Length * (points.Length - 1) / 2);
        for (int i = 0; i < points.Length; i++)
        for (int j = i + 1; j < points.Length; j++)
            if (points[j].Day > points[i].Day)
                slopes.Add((points[j].Bytes - points[i].Bytes) / (points[j].Day - points[i].Day));
        return WithSlope(points, slopes.Count == 0 ? 0 : Median(slopes));
    }

    /// <summary>The line with this slope through the middle of the points.</summary>
    public static RobustLine WithSlope(ReadOnlySpan<SizePoint> points, double slope) =>
        new(slope, Median(points.ToArray().Select(point => point.Bytes - (slope * point.Day))));

    /// <summary>
    /// The standard deviation of the variation from point to point: how far each point is from the line between its
    /// neighbors. Trends and steps hardly change it.
    /// </summary>
    public static double Noise(ReadOnlySpan<SizePoint> points)
    {
        var deviations = new List<double>();
        for (int i = 1; i < points.Length - 1; i++)
        {
            (SizePoint before, SizePoint at, SizePoint after) = (points[i - 1], points[i], points[i + 1]);
            double share = (at.Day - before.Day) / (after.Day - before.Day);
            double between = before.Bytes + (share * (after.Bytes - before.Bytes));
            deviations.Add(Math.Abs(at.Bytes - between) / Math.Sqrt(1 + (share * share) + ((1 - share) * (1 - share))));
        }
        return deviations.Count == 0 ? 0 : Quantile(deviations, DeviationShare) / DeviationDistance;
    }

    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    public static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + ((position - below) * (above - sorted[below]));
    }
}
