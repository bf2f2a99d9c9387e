namespace EtcdMaint.Benchmarks.Results;

/// <summary>Whether a promise was kept, the worst last.</summary>
internal enum Verdict
{
    Met,

    /// <summary>
    /// Missed in the median, and met in a quarter of the rounds or more: the spread is wider than what is missing.
    /// </summary>
    Undecided,

    Missed,
}
