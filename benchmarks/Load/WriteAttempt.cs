namespace EtcdMaint.Benchmarks.Load;

/// <summary>One write as its client saw it, including the retry.</summary>
/// <param name="Failure">Why it failed; null if it was acknowledged.</param>
internal sealed record WriteAttempt(string Member, DateTimeOffset Started, DateTimeOffset Ended, string? Failure)
{
    public TimeSpan Took => Ended - Started;
}
