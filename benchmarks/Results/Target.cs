namespace EtcdMaint.Benchmarks.Results;

/// <summary>What the project has promised itself.</summary>
/// <param name="Text">For people.</param>
/// <param name="Judge">Null where the case does not tell.</param>
internal sealed record Target(string Text, Func<Case, Verdict?> Judge)
{
    /// <summary>What was missed in the median, and met in as large a part of the rounds, is left undecided.</summary>
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

    /// <summary>
    /// The module's median in terms of another contender's, which may have had no more than this share of it.
    /// </summary>
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

    /// <summary>No worse than the best of the others.</summary>
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
