namespace EtcdMaint.Forecasts;

/// <summary>
/// Estimates how a size grows now, from samples at irregular times. It takes the peak of each day, divides the series
/// where its level or its growth changed, and uses what has lasted since the last change.
/// </summary>
internal static class GrowthEstimator
{
    /// <summary>Periods with samples from which a trend can be distinguished from the rise of a day.</summary>
    public const int MinimumPeriods = 5;

    /// <summary>Days between the first and the last sample at least, for the same reason.</summary>
    public const double MinimumDays = 4;

    /// <summary>Periods from which the growth of a part can be estimated.</summary>
    private const int LineCount = 4;

    /// <summary>
    /// Standard errors from which a growth counts. With fewer, variation would often pass for growth, and a forecast
    /// could be wrong by more than half.
    /// </summary>
    private const double Significance = 4;

    /// <summary>
    /// The smallest change that counts as growth, as a share of the size. A file follows the largest of many varying
    /// sizes, so it grows slowly even if the data does not grow.
    /// </summary>
    private const double MinimumRise = 0.02;

    /// <summary>Standard errors within which two rates count as the same.</summary>
    private const double Agreement = 2;

    /// <summary>Standard deviations from which a difference of two levels is a change.</summary>
    private const double Change = 4;

    /// <summary>
    /// The smallest standard deviation, as a share of the size. A file grows in portions, and a straight line is never
    /// the whole truth.
    /// </summary>
    private const double MinimumNoise = 0.001;

    /// <summary>
    /// The share of the samples of a day that are not above its peak, once each was raised to the peak. Those at the
    /// moment of the fall can be raised too much.
    /// </summary>
    private const double RaisedShare = 0.6;

    /// <summary>The share of the periods whose peaks are below the line of the peaks.</summary>
    private const double PeakShare = 0.6;

    /// <param name="points">The samples in order of time; the last one is at day 0.</param>
    public static GrowthTrend Estimate(IReadOnlyList<SizePoint> points)
    {
        var shape = DailyShape.Find(points);
        SizePoint[] peaks = shape is null
            ? PeriodPeaks.Of(points, 1)
            : PeriodPeaks.Of(shape.RaiseToPeaks(points), RaisedShare);
        if (peaks.Length < MinimumPeriods || -points[0].Day < MinimumDays)
            return new GrowthTrend { Pattern = EtcdGrowthPattern.TooShort, Level = points[^1].Bytes };
        double noise = Math.Max(RobustLine.Noise(peaks), MinimumNoise * peaks.Max(point => point.Bytes));
        SizePoint[] smooth = PeriodPeaks.WithoutSpikes(peaks, noise);
        List<TrendPart> parts =
        [
            .. TrendSegmentation.Find(smooth, noise).Select(part => new TrendPart(smooth[part.First..part.End], noise)),
        ];
        // One period can be a spike or the start of something new. Only its size is certain.
        if (parts is [.., { Count: >= LineCount } before, { Count: 1 } last] && !HasSlowed(before, last, noise))
            parts.Remove(last);
        return Describe(parts, noise, shape, points[^1].Bytes);
    }

    private static GrowthTrend Describe(List<TrendPart> parts, double noise, DailyShape? shape, double newest)
    {
        TrendPart current = parts[^1];
        (double slope, double error, double days) = Pool(parts, noise);
        bool isKnown = !double.IsInfinity(error);
        bool isChanging =
            isKnown
            && Math.Abs(slope) >= Significance * error
            && Math.Abs(slope) * days >= MinimumRise * current.Points.Max(point => point.Bytes);
        double shown = isChanging ? slope : 0;
        RobustLine line = RobustLine.WithSlope(current.Points, shown);
        double[] deviations = [.. current.Points.Select(point => point.Bytes - line.At(point.Day))];
        double peak =
            current.Count >= LineCount ? RobustLine.Quantile(deviations, PeakShare) : Math.Max(0, deviations.Max());
        return new GrowthTrend
        {
            Pattern =
                isChanging && slope < 0 ? EtcdGrowthPattern.Shrinking
                : shape is not null ? EtcdGrowthPattern.SawTooth
                : isChanging ? EtcdGrowthPattern.Steady
                : Past(parts, noise),
            IsKnown = isKnown,
            Shape = shape,
            Slope = shown,
            SlopeError = isKnown ? error : 0,
            Level = Math.Max(line.Level + peak, newest),
            LevelError = current.Noise * Math.Sqrt((1.0 / current.Count) + 1),
            Center = current.Center,
            ChangeDay = parts.Count > 1 ? current.Points[0].Day : null,
        };
    }

    /// <summary>
    /// Returns the rate of the current part with its standard error, together with the parts before it that grew at the
    /// same rate, and the days of these parts. A jump between two of them changes the level only.
    /// </summary>
    private static (double Slope, double Error, double Days) Pool(List<TrendPart> parts, double noise)
    {
        (double slope, double error) = (parts[^1].Line.Slope, parts[^1].SlopeError);
        double first = parts[^1].Points[0].Day;
        for (int i = parts.Count - 2; i >= 0; i--)
        {
            TrendPart before = parts[i];
            if (HasSlowed(before, parts[i + 1], noise))
                break;
            if (double.IsInfinity(before.SlopeError))
                continue;
            double tolerance = Math.Sqrt((error * error) + (before.SlopeError * before.SlopeError));
            if (Math.Abs(before.Line.Slope - slope) > Agreement * tolerance)
                break;
            first = before.Points[0].Day;
            if (double.IsInfinity(error))
            {
                (slope, error) = (before.Line.Slope, before.SlopeError);
                continue;
            }
            double weight = 1 / (error * error);
            double added = 1 / (before.SlopeError * before.SlopeError);
            slope = ((slope * weight) + (before.Line.Slope * added)) / (weight + added);
            error = 1 / Math.Sqrt(weight + added);
        }
        return (slope, error, parts[^1].Points[^1].Day - first);
    }

    /// <summary>
    /// Whether a part continues where the one before it ended, but below its line: the growth has become slower.
    /// </summary>
    private static bool HasSlowed(TrendPart before, TrendPart after, double noise)
    {
        if (before.Count < LineCount)
            return false;
        double end = before.Line.At(before.Points[^1].Day);
        double level = RobustLine.Median(after.Points.Select(point => point.Bytes));
        double expected = RobustLine.Median(after.Points.Select(point => before.Line.At(point.Day)));
        return level > end - (Change * noise) && level < expected - (Change / 2 * noise);
    }

    /// <summary>What happened before the size stopped growing.</summary>
    private static EtcdGrowthPattern Past(List<TrendPart> parts, double noise)
    {
        for (int i = parts.Count - 2; i >= 0; i--)
        {
            TrendPart before = parts[i];
            if (before.Line.Slope >= Significance * before.SlopeError && before.Rise >= Change * noise)
                return EtcdGrowthPattern.Burst;
            double jump = parts[i + 1].Points[0].Bytes - before.Points[^1].Bytes;
            if (Math.Abs(jump) >= Change * noise)
                return EtcdGrowthPattern.Step;
        }
        return EtcdGrowthPattern.Flat;
    }
}
