namespace EtcdMaint.Forecasts;

/// <summary>
/// Reduces a series to its largest size of each day. The quota is reached at a peak, and the sizes of many clusters
/// rise and fall each day between two compactions. A long series has longer periods, so that its cost is limited.
/// </summary>
internal static class PeriodPeaks
{
    /// <summary>Periods at most. The cost of the change points grows with their square.</summary>
    public const int MaximumCount = 120;

    /// <summary>The neighbors on each side with which a period is compared.</summary>
    private const int Neighbors = 3;

    /// <summary>Returns a point for each period that has samples, in order of time.</summary>
    /// <param name="points">The samples in order of time; the last one is at day 0.</param>
    /// <param name="share">The share of the samples of a period that are not above its point, from 0 to 1.</param>
    public static SizePoint[] Of(IReadOnlyList<SizePoint> points, double share)
    {
        double width = Math.Max(1, -points[0].Day / MaximumCount);
        return
        [
            .. points
                .GroupBy(point => Math.Floor(-point.Day / width))
                .OrderByDescending(period => period.Key)
                .Select(period =>
                    period.OrderBy(point => point.Bytes).ElementAt((int)Math.Round(share * (period.Count() - 1)))
                ),
        ];
    }

    /// <summary>
    /// Replaces single periods that are far from their neighbors on both sides. A size that returns to what it was
    /// before is no growth. The first and last periods are kept, because they may begin something new.
    /// </summary>
    public static SizePoint[] WithoutSpikes(SizePoint[] peaks, double noise)
    {
        var result = (SizePoint[])peaks.Clone();
        for (int i = Neighbors; i < peaks.Length - Neighbors; i++)
        {
            double usual = RobustLine.Median(
                peaks.Skip(i - Neighbors).Take((2 * Neighbors) + 1).Select(point => point.Bytes)
            );
            double before = peaks[i - 1].Bytes;
            double after = peaks[i + 1].Bytes;
            bool isBetween = peaks[i].Bytes >= Math.Min(before, after) && peaks[i].Bytes <= Math.Max(before, after);
            if (!isBetween && Math.Abs(peaks[i].Bytes - usual) > 5 * noise)
                result[i] = peaks[i] with { Bytes = usual };
        }
        return result;
    }
}
