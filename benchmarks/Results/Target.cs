namespace EtcdMaint.Benchmarks.Results;

/// <summary>What the project has promised itself.</summary>
/// <param name="Text">For people.</param>
/// <param name="IsMet">Null where the case does not tell.</param>
internal sealed record Target(string Text, Func<Case, bool?> IsMet)
{
    /// <summary>The module's median in terms of another contender's, which may have had no more than this share of it.</summary>
    public static Target Share(string of, double share, string text) => new(
        text,
        c => c.Series.FirstOrDefault(s => s.Contender == of) is { } other && c.Module.RatioTo(other) is { } ratio ? ratio.Median <= share : null);

    public static Target AtMost(double limit, string text) => new(text, c => c.Module.Spread is { } mine ? mine.Median <= limit : null);

    public Target And(Target other) => new($"{Text}, {other.Text}", c => IsMet(c) & other.IsMet(c));

    /// <summary>No worse than the best of the others.</summary>
    public static Target BestOf(string text) => new(text, c => c.Module.Spread is { } mine
        ? c.Series.Skip(1).Where(s => c.Module.WhyNotComparable(s) is null).Select(s => s.Spread?.Median).Min() is { } best ? mine.Median <= best : null
        : null);
}
