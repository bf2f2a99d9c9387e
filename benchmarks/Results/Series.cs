namespace EtcdMaint.Benchmarks.Results;

/// <summary>The measurements of one contender, one sample per round.</summary>
internal sealed class Series(string contender)
{
    public string Contender { get; } = contender;

    public List<Sample> Samples { get; } = [];

    public Spread? Spread => Results.Spread.Of(Samples.Select(s => s.Value));

    /// <summary>The ratio of this value to the other's in each round; null if it has no meaning.</summary>
    public Spread? RatioTo(Series other) =>
        WhyNotComparable(other) is not null || Samples.Concat(other.Samples).Any(s => s.Value <= 0)
            ? null
            : Results.Spread.Of(Samples.Zip(other.Samples, (mine, its) => mine.Value / its.Value));

    /// <summary>Why the two cannot be compared; null if they did the same work in every round.</summary>
    public string? WhyNotComparable(Series other)
    {
        if (Samples.Count == 0 || Samples.Count != other.Samples.Count)
            return $"{Samples.Count} against {other.Samples.Count} samples";
        foreach ((Sample mine, Sample its) in Samples.Zip(other.Samples))
            if (mine.Work != its.Work)
                return $"not the same work: {Contender} did '{mine.Work}', {other.Contender} '{its.Work}'";
        return null;
    }
}
