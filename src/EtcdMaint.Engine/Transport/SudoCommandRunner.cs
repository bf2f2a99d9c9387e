using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport;

/// <summary>
/// Runs programs as root where the user may do so without being asked for a password. sudo has a path of its own, and
/// ends with 1, not as a shell would, when a program is not on it.
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
    /// sudo's line about that very program. What follows is in the node's language; sudo-rs puts the name in quotes.
    /// </summary>
    private static string? FindMissing(string program, string errors) =>
        errors
            .Split('\n', StringSplitOptions.TrimEntries)
            .FirstOrDefault(l =>
                l.StartsWith($"sudo: {program}: ", StringComparison.Ordinal)
                || l.StartsWith($"sudo: '{program}': ", StringComparison.Ordinal)
            );
}
