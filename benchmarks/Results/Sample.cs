namespace EtcdMaint.Benchmarks.Results;

/// <summary>One measurement.</summary>
/// <param name="Value">In the unit of its case.</param>
/// <param name="Work">What was done for it, in words that are equal when the work was.</param>
internal sealed record Sample(double Value, string Work);
