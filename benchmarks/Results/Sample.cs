namespace EtcdMaint.Benchmarks.Results;

/// <summary>One measurement.</summary>
/// <param name="Value">In the unit of its case.</param>
/// <param name="Work">The work in words that are equal if the work was.</param>
internal sealed record Sample(double Value, string Work);
