namespace EtcdMaint.TestCluster;

/// <summary>What a program left behind when it ended.</summary>
public sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The standard output, or an exception that quotes what the program complained about.</summary>
    public string OutputOrThrow() =>
        Succeeded
            ? Output
            : throw new InvalidOperationException($"'{CommandLine}' ended with {ExitCode}: {(Errors + Output).Trim()}");
}
