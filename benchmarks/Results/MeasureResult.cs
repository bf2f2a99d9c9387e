namespace EtcdMaint.Benchmarks.Results;

/// <summary>What came of one measure: its cases, or why there are none.</summary>
internal sealed record MeasureResult(string Measure, IReadOnlyList<Case> Cases, string? Skipped = null)
{
    /// <summary>What a reader has to know beside the figures.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public static MeasureResult Skip(string measure, string reason) => new(measure, [], reason);
}
