namespace EtcdMaint.Benchmarks.Results;

/// <summary>Whether a target was met, the worst last.</summary>
internal enum Verdict
{
    Met,

    /// <summary>
    /// Missed in the median, and met in at least a quarter of the rounds: the spread is larger than the difference.
    /// </summary>
    Undecided,

    Missed,
}
