namespace EtcdMaint.Benchmarks.Results;

/// <summary>One quantity, measured for the module and for its alternatives.</summary>
internal sealed class Case
{
    /// <param name="name">The measured quantity.</param>
    /// <param name="unit">The unit of all values.</param>
    /// <param name="contenders">The contenders, the module first.</param>
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

    /// <summary>Null without a target, and if the figures are not sufficient.</summary>
    public Verdict? Verdict => Target?.Judge(this);

    public void Add(string contender, double value, string work) =>
        Series.Single(s => s.Contender == contender).Samples.Add(new Sample(value, work));
}
