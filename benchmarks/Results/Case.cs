namespace EtcdMaint.Benchmarks.Results;

/// <summary>One quantity, measured of the module and of what would be used instead of it.</summary>
internal sealed class Case
{
    /// <param name="name">What was measured.</param>
    /// <param name="unit">Of all values.</param>
    /// <param name="contenders">The module comes first.</param>
    public Case(string name, string unit, params IEnumerable<string> contenders)
    {
        Name = name;
        Unit = unit;
        Series = [.. contenders.Select(c => new Series(c))];
    }

    public string Name { get; }

    public string Unit { get; }

    public Target? Target { get; init; }

    public IReadOnlyList<Series> Series { get; }

    public Series Module => Series[0];

    /// <summary>Null without a target, and where the figures do not tell.</summary>
    public Verdict? Verdict => Target?.Judge(this);

    public void Add(string contender, double value, string work) =>
        Series.Single(s => s.Contender == contender).Samples.Add(new Sample(value, work));
}
