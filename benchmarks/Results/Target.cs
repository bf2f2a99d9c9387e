namespace EtcdMaint.Benchmarks.Results;

/// <summary>A target of the project.</summary>
/// <param name="Text">A readable description.</param>
/// <param name="Judge">Null if the case is not sufficient.</param>
internal sealed record Target(string Text, Func<Case, Verdict?> Judge)
{
    /// <summary>A target that the median misses and at least this share of the rounds meets is undecided.</summary>
    private const double Undecided = 0.25;

    public Target(string text, Func<Case, bool?> isMet)
        : this(
            text,
            c =>
                isMet(c) switch
                {
                    true => Verdict.Met,
                    false => Verdict.Missed,
                    null => null,
                }
        ) { }

    /// <summary>The module's median may be at most this share of another contender's median.</summary>
    public static Target Share(string of, double share, string text) =>
        new(
            text,
            c =>
                c.Series.FirstOrDefault(s => s.Contender == of) is { } other && c.Module.RatioTo(other) is { } ratio
                    ? Decide(ratio.Median <= share, c.Module, other, share)
                    : null
        );

    public static Target AtMost(double limit, string text) =>
        new(text, c => c.Module.Spread is { } mine ? mine.Median <= limit : null);

    public Target And(Target other) =>
        new(
            $"{Text}, {other.Text}",
            c => Judge(c) is { } mine && other.Judge(c) is { } its ? (Verdict)Math.Max((int)mine, (int)its) : null
        );

    /// <summary>Not worse than the best of the others.</summary>
    public static Target BestOf(string text) =>
        new(
            text,
            c =>
                c.Module.Spread is { } mine
                && c.Series.Skip(1).Where(s => c.Module.WhyNotComparable(s) is null).MinBy(s => s.Spread?.Median)
                    is { } best
                    ? Decide(mine.Median <= best.Spread?.Median, c.Module, best, 1)
                    : null
        );

    private static Verdict Decide(bool isMet, Series mine, Series other, double share)
    {
        if (isMet)
            return Verdict.Met;
        int rounds = mine.Samples.Zip(other.Samples).Count(round => round.First.Value <= share * round.Second.Value);
        return rounds >= Undecided * mine.Samples.Count ? Verdict.Undecided : Verdict.Missed;
    }
}
