using EtcdMaint.Forecasts;

namespace EtcdMaint.Engine.Tests.Forecasts;

/// <summary>
/// The sizes of a simulated member, made from a seed: the data in use hour by hour, with noise, and the file by the
/// rule of etcd. A file only grows, and a defragmentation makes it as small as the data in use. The series continue
/// after the last sample, which tells when they really reach the quota. The samples are taken at irregular times, and
/// some are missing.
/// </summary>
internal sealed class SimulatedSeries
{
    private const double Gigabyte = 1e9;

    /// <summary>Days after the last sample. A quota that is reached later counts as never reached.</summary>
    private const int DaysAhead = 150;

    /// <summary>
    /// The noise is at most this part of what is left to the quota. With more, the noise would decide about the day.
    /// </summary>
    private const double LargestNoise = 1.0 / 40;

    private readonly Random _random;
    private readonly double _start;
    private readonly double _growth;
    private readonly double _noise;
    private readonly double _tooth;
    private readonly double _rise;
    private readonly double _changesAt;
    private readonly double _riseDays;

    public SimulatedSeries(SeriesKind kind, int seed, bool isDefragmented)
    {
        _random = new Random(HashCode(kind, seed));
        double days = kind is SeriesKind.TooShort ? Between(0.2, 3.9) : Between(21, 90);
        double ahead = Between(5, 90);
        _start = Between(0.5, 4) * Gigabyte;
        _noise = Between(0.0005, 0.008) * _start;
        _tooth = kind is SeriesKind.SawTooth ? Between(0.05, 0.3) * _start : 0;
        _rise = kind is SeriesKind.BurstThenFlat or SeriesKind.Step ? Between(0.3, 1) * _start : 0;
        _changesAt = Between(0.2, 0.75) * days;
        _riseDays = kind is SeriesKind.BurstThenFlat ? Between(1, 0.15 * days) : 0;
        if (kind is SeriesKind.Shrinking)
            _growth = -Between(0.2, 0.7) * _start / days;
        if (kind is SeriesKind.Steady or SeriesKind.SawTooth or SeriesKind.TooShort)
        {
            _growth = Between(0.3, 1.5) * _start / days;
            _noise = Math.Min(_noise, LargestNoise * _growth * ahead);
        }
        Quota = _growth > 0 ? _start + _tooth + (_growth * (days + ahead)) : 8 * Gigabyte;

        List<(double Day, double InUse, double File)> hours = Simulate(days, isDefragmented);
        // A saw-tooth is visible only with several samples a day.
        double[] intervals = kind is SeriesKind.SawTooth ? [1, 2, 4, 6] : [1, 2, 4, 6, 24];
        var taken = Sample(hours, days, intervals[_random.Next(intervals.Length)]);
        double last = taken.Count == 0 ? 0 : taken[^1].Day;
        InUse = [.. taken.Select(hour => new SizePoint(hour.Day - last, hour.InUse))];
        File = [.. taken.Select(hour => new SizePoint(hour.Day - last, hour.File))];
        DaysByInUse = Reached(hours.Where(hour => hour.InUse >= Quota), last);
        DaysByFile = Reached(hours.Where(hour => hour.File >= Quota), last);
    }

    public double Quota { get; }

    /// <summary>The samples of the data in use; the last one is at day 0.</summary>
    public SizePoint[] InUse { get; }

    public SizePoint[] File { get; }

    /// <summary>The days from the last sample until the data in use reaches the quota; null if it never does.</summary>
    public double? DaysByInUse { get; }

    public double? DaysByFile { get; }

    private static int HashCode(SeriesKind kind, int seed) => unchecked((seed * 7919) + ((int)kind * 104729));

    private static double? Reached(IEnumerable<(double Day, double InUse, double File)> hours, double last) =>
        hours.Where(hour => hour.Day >= last).Select(hour => (double?)hour.Day - last).FirstOrDefault();

    private List<(double Day, double InUse, double File)> Simulate(double days, bool isDefragmented)
    {
        var hours = new List<(double Day, double InUse, double File)>();
        double defrag = isDefragmented ? Between(5, 30) : double.PositiveInfinity;
        double file = 0;
        for (int hour = 0; hour <= (days + DaysAhead) * 24; hour++)
        {
            double day = hour / 24.0;
            double inUse = Math.Max(0.01 * _start, Trend(day) + (_noise * Normal()));
            file = Math.Max(file, inUse);
            if (day >= defrag && day < days)
            {
                file = inUse;
                defrag += Between(14, 30);
            }
            hours.Add((day, inUse, file));
        }
        return hours;
    }

    private List<(double Day, double InUse, double File)> Sample(
        List<(double Day, double InUse, double File)> hours,
        double days,
        double interval
    )
    {
        double missing = Between(0, 0.3);
        double due = 0;
        var taken = new List<(double Day, double InUse, double File)>();
        foreach ((double Day, double InUse, double File) hour in hours.TakeWhile(hour => hour.Day <= days))
        {
            if (hour.Day * 24 < due)
                continue;
            due += interval * Between(0.6, 1.4);
            if (_random.NextDouble() >= missing)
                taken.Add(hour);
        }
        return taken;
    }

    /// <summary>The data in use without its noise.</summary>
    private double Trend(double day)
    {
        double since = day - _changesAt;
        double changed =
            since < 0 ? 0
            : since >= _riseDays ? 1
            : since / _riseDays;
        return _start + (_growth * day) + (_rise * changed) + (_tooth * (day - Math.Floor(day)));
    }

    private double Between(double least, double most) => least + (_random.NextDouble() * (most - least));

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
