using EtcdMaint.Benchmarks.Results;

namespace EtcdMaint.Benchmarks;

/// <summary>One question that the benchmarks answer.</summary>
internal interface IMeasure
{
    /// <summary>The name for <c>--only</c>.</summary>
    string Name { get; }

    string Question { get; }

    Task<MeasureResult> RunAsync(BenchmarkRun run);
}
