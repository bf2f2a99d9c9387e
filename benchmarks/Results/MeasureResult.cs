namespace EtcdMaint.Benchmarks.Results;

/// <summary>The result of one measure: its cases, or the error that ended it.</summary>
internal sealed record MeasureResult(string Measure, IReadOnlyList<Case> Cases, string? Failure = null)
{
    /// <summary>Notes that the reader needs to understand the figures.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
