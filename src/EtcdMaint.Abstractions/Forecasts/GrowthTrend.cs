namespace EtcdMaint.Forecasts;

/// <summary>How a size grows now: a line through its peaks, and how certain it is.</summary>
internal sealed record GrowthTrend
{
    public required EtcdGrowthPattern Pattern { get; init; }

    /// <summary>The growth in bytes per day; 0 if the size does not grow or shrink beyond its variation.</summary>
    public double Slope { get; init; }

    /// <summary>The standard error of <see cref="Slope"/>.</summary>
    public double SlopeError { get; init; }

    /// <summary>The size of a peak at the newest sample.</summary>
    public double Level { get; init; }

    /// <summary>The standard error of the level at <see cref="Center"/>.</summary>
    public double LevelError { get; init; }

    /// <summary>The middle of the points of the line, in days.</summary>
    public double Center { get; init; }

    /// <summary>The day on which the growth or the level last changed; null if it never did.</summary>
    public double? ChangeDay { get; init; }

    /// <summary>Whether a rate exists. Without one, <see cref="Slope"/> is 0 and means nothing.</summary>
    public bool IsKnown { get; init; }

    /// <summary>The rise and fall of a day; null if there is none.</summary>
    public DailyShape? Shape { get; init; }

    public double At(double day) => Level + (Slope * day);

    /// <summary>Only a peak is as large as the line.</summary>
    private double NextPeak(double day) => Shape?.NextPeak(day) ?? day;

    /// <summary>Returns when the line reaches a size; null if it does not.</summary>
    /// <param name="size">The size, in bytes.</param>
    public TrendCrossing? Reaches(double size)
    {
        double gap = size - Level;
        if (gap <= 0)
            return new TrendCrossing(0, 0, 0);
        if (!IsKnown || Slope <= 0)
            return null;
        // The line and its error reach the size at the times t with
        // (gap - Slope t)^2 = z^2 (LevelError^2 + SlopeError^2 (t - Center)^2).
        double zz = TrendCrossing.Deviations * TrendCrossing.Deviations;
        double slopes = zz * SlopeError * SlopeError;
        double a = (Slope * Slope) - slopes;
        double b = (gap * Slope) - (slopes * Center);
        double c = (gap * gap) - (zz * LevelError * LevelError) - (slopes * Center * Center);
        double root = Math.Sqrt(Math.Max(0, (b * b) - (a * c)));
        return new TrendCrossing(
            NextPeak(gap / Slope),
            Math.Max(0, a > 0 ? (b - root) / a : c / (b + root)),
            a > 0 ? NextPeak((b + root) / a) : null
        );
    }
}
