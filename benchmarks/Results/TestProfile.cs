namespace EtcdMaint.Benchmarks.Results;

/// <summary>Where values lie.</summary>
internal readonly record struct TestProfile(double Median, double Least, double Most)
{
    public static TestProfile? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            return null;
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new TestProfile(median, sorted[0], sorted[^1]);
    }
}
