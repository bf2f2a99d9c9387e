using System.Globalization;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>Reads a file of a node as the user of the login, or otherwise with sudo.</summary>
internal static class NodeFile
{
    /// <summary>Returns null if the file does not exist or cannot be read.</summary>
    public static Task<string?> ReadAsync(ICommandRunner node, string path, CallBudget limit) =>
        RunAsync(node, "cat", [path], limit);

    /// <summary>
    /// Returns when the file was last written or replaced, in seconds since 1970, or null if this is not visible.
    /// </summary>
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
                // sudo or the program was not found.
            }
        }
        return null;
    }
}
