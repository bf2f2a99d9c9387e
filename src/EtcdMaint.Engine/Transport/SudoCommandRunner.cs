using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport;

/// <summary>
/// Runs programs as root if the user may do so without a password. sudo has its own path. If a program is not on it,
/// sudo ends with exit code 1 instead of the exit code of a shell.
/// </summary>
internal sealed class SudoCommandRunner(ICommandRunner inner) : ICommandRunner
{
    public async Task<CommandOutput> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    )
    {
        CommandOutput output = await inner
            .RunAsync("sudo", ["-n", "--", program, .. arguments], input, limit)
            .ConfigureAwait(false);
        return output is { ExitCode: 1, Output: "" } && FindMissing(program, output.Errors) is { } missing
            ? throw new DialException(CallFailure.ProgramMissing, missing)
            : output;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>
    /// Finds the message of sudo about this program. The text after the name is in the language of the node. sudo-rs
    /// encloses the name in quotation marks.
    /// </summary>
    private static string? FindMissing(string program, string errors) =>
        errors
            .Split('\n', StringSplitOptions.TrimEntries)
            .FirstOrDefault(l =>
                l.StartsWith($"sudo: {program}: ", StringComparison.Ordinal)
                || l.StartsWith($"sudo: '{program}': ", StringComparison.Ordinal)
            );
}
