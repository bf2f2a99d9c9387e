using System.Globalization;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>
/// Reads the free disk space with <c>df</c> on the data folder. The path of a folder in a container differs from its
/// path on the node, and root can read it below the root of the process. Every user can see which disk it is on: if the
/// path is on the same disk on the node, the figures of that disk are correct.
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
