namespace EtcdMaint.TestCluster;

/// <summary>The result of a program that has ended.</summary>
public sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>Returns the standard output, or throws an exception that quotes the error output.</summary>
    public string OutputOrThrow() =>
        Succeeded
            ? Output
            : throw new InvalidOperationException($"'{CommandLine}' ended with {ExitCode}: {(Errors + Output).Trim()}");
}
