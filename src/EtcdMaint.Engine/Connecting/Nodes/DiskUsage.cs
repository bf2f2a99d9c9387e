using System.Globalization;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>
/// Reads the free bytes of the file system that contains a path, with <c>df</c>: on a node
/// (<c>NodeDisk</c>), or in the container of a pod (<c>PodDisk</c>).
/// </summary>
internal static class DiskUsage
{
    /// <summary>Returns null if the program cannot be run or does not answer.</summary>
    public static Task<long?> ReadFreeBytesAsync(ICommandRunner runner, string path, CallBudget limit) =>
        ReadFreeBytesAsync(runner, "df", ["-P", "-k", path], limit);

    /// <summary>Does the same for a program whose output ends with that of <c>df -P -k</c>.</summary>
    public static async Task<long?> ReadFreeBytesAsync(
        ICommandRunner runner,
        string program,
        string[] arguments,
        CallBudget limit
    )
    {
        try
        {
            CommandOutput output = await runner.RunAsync(program, arguments, default, limit).ConfigureAwait(false);
            string[] words = output.Output.Trim().Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return
                output.ExitCode == 0
                && words.Length >= 6
                && long.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out long blocks)
                ? blocks * 1024
                : null;
        }
        catch (DialException)
        {
            return null;
        }
    }
}
