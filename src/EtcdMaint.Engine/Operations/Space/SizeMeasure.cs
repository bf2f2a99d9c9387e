using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// What is known of the sizes in a group: the mean size in each drawn leaf. A leaf is drawn in proportion to its number
/// of keys, so the mean of these means estimates the mean of the group without bias.
/// </summary>
internal sealed class SizeMeasure
{
    private double _sum;
    private double _sumOfSquares;
    private long _measuredBytes;

    public int Draws { get; private set; }

    public double Mean => Draws > 0 ? _sum / Draws : 0;

    public KeySize Largest { get; private set; }

    /// <summary>The number of keys that were measured one after the other.</summary>
    public long MeasuredKeys { get; private set; }

    /// <summary>The bytes of all keys if every one was measured; otherwise null.</summary>
    public long? ExactBytes { get; private set; }

    /// <summary>The standard error of the mean, as a ratio of it; null with too few draws.</summary>
    public double? StandardError(int minimumDraws)
    {
        if (Draws < minimumDraws || Mean <= 0)
            return null;
        double variance = Math.Max(0, _sumOfSquares - Draws * Mean * Mean) / (Draws - 1);
        return Math.Sqrt(variance / Draws) / Mean;
    }

    /// <summary>
    /// The half width of the 95 % confidence interval, as a ratio of the mean. Few draws make the error itself
    /// uncertain, as Student's t distribution describes it.
    /// </summary>
    public double? ErrorRatio(int minimumDraws) => (1.96 + 2.6 / Math.Max(1, Draws - 2)) * StandardError(minimumDraws);

    public void Draw(IReadOnlyList<KeySize> leaf)
    {
        if (leaf.Count == 0)
            return;
        double mean = leaf.Average(key => (double)key.Bytes);
        Draws++;
        _sum += mean;
        _sumOfSquares += mean * mean;
        See(leaf);
    }

    /// <summary>Adds keys that were measured one after the other.</summary>
    public void Add(IReadOnlyList<KeySize> keys)
    {
        MeasuredKeys += keys.Count;
        _measuredBytes += keys.Sum(key => (long)key.Bytes);
        See(keys);
    }

    /// <summary>Sets the exact bytes: all keys of the group were added.</summary>
    public void Complete() => ExactBytes = _measuredBytes;

    /// <summary>Sets the exact bytes: these are all keys of the group, which were drawn together.</summary>
    public void CompleteWith(IReadOnlyList<KeySize> keys) => ExactBytes = keys.Sum(key => (long)key.Bytes);

    private void See(IReadOnlyList<KeySize> keys)
    {
        foreach (KeySize key in keys)
            if (key.Bytes > Largest.Bytes)
                Largest = key;
    }
}
