namespace EtcdMaint.Forecasts;

/// <summary>
/// Divides a series where its size jumps or its growth changes. Of all divisions into levels and lines, it returns the
/// one with the smallest sum of squared deviations plus a price for each part, so that noise is not divided.
/// </summary>
internal sealed class TrendSegmentation
{
    /// <summary>Points of a line at least. Any two points are on a line.</summary>
    private const int LineCount = 4;

    /// <summary>The price of a part, as a multiple of the usual one (BIC). A false division loses samples.</summary>
    private const double Caution = 2;

    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _xx;
    private readonly double[] _xy;
    private readonly double[] _yy;

    private TrendSegmentation(SizePoint[] points)
    {
        // Sums of large numbers would lose digits.
        double middle = points.Average(point => point.Bytes);
        double center = points.Average(point => point.Day);
        _x = Sums(points, p => p.Day - center);
        _y = Sums(points, p => p.Bytes - middle);
        _xx = Sums(points, p => (p.Day - center) * (p.Day - center));
        _xy = Sums(points, p => (p.Day - center) * (p.Bytes - middle));
        _yy = Sums(points, p => (p.Bytes - middle) * (p.Bytes - middle));
    }

    public static IReadOnlyList<TrendSegment> Find(SizePoint[] points, double noise)
    {
        var sums = new TrendSegmentation(points);
        double price = Caution * noise * noise * Math.Log(Math.Max(points.Length, 10));
        double[] best = new double[points.Length + 1];
        var last = new TrendSegment[points.Length + 1];
        for (int end = 1; end <= points.Length; end++)
        {
            best[end] = double.PositiveInfinity;
            for (int first = 0; first < end; first++)
            {
                double level = best[first] + (2 * price) + sums.LevelCost(first, end);
                if (level < best[end])
                    (best[end], last[end]) = (level, new TrendSegment(first, end, true));
                if (end - first < LineCount)
                    continue;
                double line = best[first] + (3 * price) + sums.LineCost(first, end);
                if (line < best[end])
                    (best[end], last[end]) = (line, new TrendSegment(first, end, false));
            }
        }
        var parts = new List<TrendSegment>();
        for (int end = points.Length; end > 0; end = last[end].First)
            parts.Insert(0, last[end]);
        return parts;
    }

    private static double[] Sums(SizePoint[] points, Func<SizePoint, double> value)
    {
        double[] sums = new double[points.Length + 1];
        for (int i = 0; i < points.Length; i++)
            sums[i + 1] = sums[i] + value(points[i]);
        return sums;
    }

    private double LevelCost(int first, int end) =>
        Math.Max(0, Of(_yy, first, end) - (Of(_y, first, end) * Of(_y, first, end) / (end - first)));

    private double LineCost(int first, int end)
    {
        int count = end - first;
        double xx = Of(_xx, first, end) - (Of(_x, first, end) * Of(_x, first, end) / count);
        double xy = Of(_xy, first, end) - (Of(_x, first, end) * Of(_y, first, end) / count);
        double level = LevelCost(first, end);
        return xx <= 0 ? level : Math.Max(0, level - (xy * xy / xx));
    }

    private static double Of(double[] sums, int first, int end) => sums[end] - sums[first];
}
