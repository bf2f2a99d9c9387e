namespace EtcdMaint.Benchmarks.Results;

/// <summary>What came of one measure: its cases, or the error that it ended with.</summary>
internal sealed record MeasureResult(string Measure, IReadOnlyList<Case> Cases, string? Failure = null)
{
    /// <summary>What a reader has to know beside the figures.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
