namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>The result of a program run.</summary>
/// <param name="PeakBytes">The peak resident memory; null if it was not measured.</param>
internal sealed record ToolRun(
    string Program,
    int ExitCode,
    string Output,
    string Errors,
    TimeSpan Elapsed,
    long? PeakBytes
)
{
    public string OutputOrThrow() =>
        ExitCode == 0
            ? Output
            : throw new InvalidOperationException($"{Program} ended with {ExitCode}: {(Errors + Output).Trim()}");
}
