namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>How a program's run went.</summary>
/// <param name="PeakBytes">The most resident memory seen; null when nobody looked.</param>
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
