namespace EtcdMaint.Forecasts;

/// <summary>
/// The rise and fall of a size within a day, for example between two compactions. Samples at irregular times of the day
/// look like noise, unless the shape of the day is known.
/// </summary>
internal sealed class DailyShape
{
    /// <summary>Samples of each time of day at least.</summary>
    private const int MinimumSamples = 5;

    /// <summary>Times of day, with few samples and with many.</summary>
    private const int Coarse = 8;

    private const int Fine = 24;

    /// <summary>Days around a sample whose mean it is compared with.</summary>
    private const double Window = 1.5;

    /// <summary>The share of the deviations that remains at most, if the time of day explains them.</summary>
    private const double Remainder = 0.6;

    /// <summary>The smallest deviation that matters, as a share of the size.</summary>
    private const double Noticeable = 0.002;

    private readonly double[] _offsets;

    private DailyShape(double[] offsets) => _offsets = offsets;

    /// <summary>Returns null if the size does not depend on the time of day.</summary>
    public static DailyShape? Find(IReadOnlyList<SizePoint> points)
    {
        List<SizePoint> deviations = Deviations(points);
        int times = deviations.Count >= 3 * Fine * MinimumSamples ? Fine : Coarse;
        ILookup<int, double> byTime = deviations.ToLookup(point => Time(point.Day, times), point => point.Bytes);
        if (byTime.Count < times || byTime.Any(time => time.Count() < MinimumSamples))
            return null;
        double[] offsets = [.. Enumerable.Range(0, times).Select(time => RobustLine.Median(byTime[time]))];
        double before = RobustLine.Median(deviations.Select(point => Math.Abs(point.Bytes)));
        double after = RobustLine.Median(
            deviations.Select(point => Math.Abs(point.Bytes - offsets[Time(point.Day, times)]))
        );
        return before > Noticeable * points[^1].Bytes && after < Remainder * before ? new DailyShape(offsets) : null;
    }

    /// <summary>Returns the first day after this one, or this one, on which the size is at its peak.</summary>
    public double NextPeak(double day)
    {
        double peak = (Array.IndexOf(_offsets, _offsets.Max()) + 0.5) / _offsets.Length;
        return Math.Ceiling(day - peak) + peak;
    }

    /// <summary>Returns what the sizes would have been at the peak of their day.</summary>
    public SizePoint[] RaiseToPeaks(IReadOnlyList<SizePoint> points)
    {
        // The offset of a time is that of its middle. The peak can be at its end.
        double[] steps = [.. _offsets.Zip(_offsets.Skip(1), (first, second) => Math.Abs(second - first))];
        double peak = _offsets.Max() + (RobustLine.Median(steps) / 2);
        return
        [
            .. points.Select(point =>
                point with
                {
                    Bytes = point.Bytes + peak - _offsets[Time(point.Day, _offsets.Length)],
                }
            ),
        ];
    }

    private static int Time(double day, int times) => Math.Min(times - 1, (int)((day - Math.Floor(day)) * times));

    /// <summary>How far each sample is from the mean of the samples around it.</summary>
    private static List<SizePoint> Deviations(IReadOnlyList<SizePoint> points)
    {
        var deviations = new List<SizePoint>();
        double sum = 0;
        int first = 0;
        int end = 0;
        foreach (SizePoint point in points)
        {
            for (; end < points.Count && points[end].Day <= point.Day + Window; end++)
                sum += points[end].Bytes;
            for (; points[first].Day < point.Day - Window; first++)
                sum -= points[first].Bytes;
            if (point.Day - Window >= points[0].Day && point.Day + Window <= points[^1].Day)
                deviations.Add(point with { Bytes = point.Bytes - (sum / (end - first)) });
        }
        return deviations;
    }
}
