using System.Globalization;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>
/// Free disk by <c>df</c> on the data folder. In a container the folder has another path than on the node; root sees it
/// below the process's own root. Anybody sees which disk that is: if the path leads to the same one on the node, its
/// figures are the right ones.
/// </summary>
internal sealed class NodeDisk(ICommandRunner node, EtcdProcess process) : IDiskGauge
{
    private const string OnSameDisk = """
        disk() { awk -v d="$1" '
          { m = $5; if ((m == "/" || d == m || index(d, m "/") == 1) && length(m) >= n) { n = length(m); r = $3 } }
          END { print r }' "$2"; }
        of_process=$(disk "$2" "/proc/$1/mountinfo"); of_node=$(disk "$2" /proc/self/mountinfo)
        [ -n "$of_node" ] && [ "$of_process" = "$of_node" ] && df -P -k "$2"
        """;

    public async Task<long?> ReadFreeBytesAsync(CallBudget limit)
    {
        if (process.DataFolder is not { } folder || !folder.StartsWith('/'))
            return null;
        string seen = $"/proc/{process.Id}/root{folder}";
        return await DiskUsage.ReadFreeBytesAsync(node, seen, limit).ConfigureAwait(false)
            ?? await DiskUsage.ReadFreeBytesAsync(new SudoCommandRunner(node), seen, limit).ConfigureAwait(false)
            ?? await DiskUsage
                .ReadFreeBytesAsync(
                    node,
                    "sh",
                    ["-c", OnSameDisk, "sh", process.Id.ToString(CultureInfo.InvariantCulture), folder],
                    limit
                )
                .ConfigureAwait(false);
    }
}
