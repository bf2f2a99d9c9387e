using System.Globalization;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>Reads a file of a node as the user who logged in, else by sudo.</summary>
internal static class NodeFile
{
    /// <summary>Null when it is not there or may not be read.</summary>
    public static Task<string?> ReadAsync(ICommandRunner node, string path, CallBudget limit) =>
        RunAsync(node, "cat", [path], limit);

    /// <summary>When it was last written or replaced, in seconds since 1970; null where that is not seen.</summary>
    public static async Task<long?> ReadChangeTimeAsync(ICommandRunner node, string path, CallBudget limit)
    {
        string? said = await RunAsync(node, "stat", ["-L", "-c", "%Z", path], limit).ConfigureAwait(false);
        return long.TryParse(said, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long time)
            ? time
            : null;
    }

    private static async Task<string?> RunAsync(
        ICommandRunner node,
        string program,
        string[] arguments,
        CallBudget limit
    )
    {
        foreach (ICommandRunner runner in new[] { node, new SudoCommandRunner(node) })
        {
            try
            {
                CommandOutput output = await runner.RunAsync(program, arguments, default, limit).ConfigureAwait(false);
                if (output.ExitCode == 0)
                    return output.Output;
            }
            catch (DialException missing) when (missing.Failure is CallFailure.ProgramMissing)
            {
                // No sudo here, or no such program.
            }
        }
        return null;
    }
}
