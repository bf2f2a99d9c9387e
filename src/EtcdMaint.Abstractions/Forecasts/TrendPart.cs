namespace EtcdMaint.Forecasts;

/// <summary>The points of one part of a series, with the line through them.</summary>
internal sealed class TrendPart
{
    /// <summary>Points from which their own deviations show how much they vary.</summary>
    private const int OwnNoiseCount = 6;

    public TrendPart(SizePoint[] points, double noise)
    {
        Points = points;
        Line = RobustLine.Fit(points);
        Center = points.Average(point => point.Day);
        double spread = points.Sum(point => (point.Day - Center) * (point.Day - Center));
        double squares = points.Sum(point => Math.Pow(point.Bytes - Line.At(point.Day), 2));
        Noise = points.Length < OwnNoiseCount ? noise : Math.Max(noise / 2, Math.Sqrt(squares / (points.Length - 2)));
        SlopeError = points.Length < 4 || spread <= 0 ? double.PositiveInfinity : Noise / Math.Sqrt(spread);
    }

    public SizePoint[] Points { get; }

    public int Count => Points.Length;

    public RobustLine Line { get; }

    /// <summary>The standard deviation of the points from the line.</summary>
    public double Noise { get; }

    /// <summary>The standard error of the slope; infinite if there are too few points.</summary>
    public double SlopeError { get; }

    /// <summary>The middle of the points, in days.</summary>
    public double Center { get; }

    /// <summary>How much the line rises from the first to the last point.</summary>
    public double Rise => Line.Slope * (Points[^1].Day - Points[0].Day);
}
