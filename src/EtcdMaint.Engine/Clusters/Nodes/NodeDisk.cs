using System.Globalization;
using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clusters.Nodes;

/// <summary>
/// Free disk by <c>df</c> on the data folder. In a container the folder has another path than on the node; root sees it
/// below the process's own root.
/// </summary>
internal sealed class NodeDisk(ICommandRunner node, EtcdProcess process) : IDiskGauge
{
    public async Task<long?> ReadFreeBytesAsync(CallLimit limit)
    {
        if (process.DataFolder is not { } folder || !folder.StartsWith('/'))
            return null;
        return await AskAsync(node, $"/proc/{process.Id}/root{folder}", limit).ConfigureAwait(false)
            ?? await AskAsync(node, folder, limit).ConfigureAwait(false);
    }

    private static async Task<long?> AskAsync(ICommandRunner runner, string folder, CallLimit limit)
    {
        try
        {
            CommandOutput output = await runner.RunAsync("df", ["-P", "-k", folder], default, limit).ConfigureAwait(false);
            string[] words = output.Output.Trim().Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return output.ExitCode == 0 && words.Length >= 6
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
