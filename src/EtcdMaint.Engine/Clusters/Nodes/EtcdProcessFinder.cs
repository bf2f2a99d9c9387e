using System.Globalization;
using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clusters.Nodes;

/// <summary>
/// Looks for etcd among the processes of a node. Those in containers are there too; variables of another user's process
/// are not shown, its command line is.
/// </summary>
internal static class EtcdProcessFinder
{
    private const string Script = """
        for p in /proc/[0-9]*; do
          { read -r n < "$p/comm"; } 2>/dev/null || continue
          [ "$n" = etcd ] || continue
          echo "pid ${p#/proc/}"
          { tr '\0' '\n' < "$p/environ" | sed -n 's/^ETCD_/env ETCD_/p'; } 2>/dev/null
          { tr '\0' '\n' < "$p/cmdline" | sed 's/^/arg /'; } 2>/dev/null
        done
        true
        """;

    /// <summary>The one that is meant; null where none is to be seen.</summary>
    /// <exception cref="EtcdException">There are several, and it is not clear which one is meant.</exception>
    public static async Task<EtcdProcess?> FindAsync(ICommandRunner node, EtcdEndpoint? wanted, string where, CallLimit limit)
    {
        CommandOutput output = await node.RunAsync("sh", ["-c", Script], default, limit).ConfigureAwait(false);
        EtcdProcess[] all = [.. Read(output.Output)];
        if (wanted is not null)
            return Array.Find(all, p => p.Endpoints.Any(e => e.Port == wanted.Port));
        EtcdProcess[] usual = [.. all.Where(p => p.Endpoints.Any(e => e.Port == EtcdEndpoint.DefaultPort))];
        return (all, usual) switch
        {
            ([], _) => null,
            ([var only], _) => only,
            (_, [var only]) => only,
            _ => throw Several(all, where),
        };
    }

    private static IEnumerable<EtcdProcess> Read(string output)
    {
        int? id = null;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        string? open = null;
        foreach (string line in output.Split('\n'))
        {
            if (line.StartsWith("pid ", StringComparison.Ordinal))
            {
                if (id is not null)
                    yield return new EtcdProcess(id.Value, settings);
                id = int.Parse(line.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture);
                (settings, open) = (new Dictionary<string, string>(StringComparer.Ordinal), null);
            }
            else if (line.StartsWith("env ETCD_", StringComparison.Ordinal) && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
                settings[line["env ETCD_".Length..equals].ToLowerInvariant().Replace('_', '-')] = line[(equals + 1)..];
            else if (line.StartsWith("arg ", StringComparison.Ordinal))
                open = Add(settings, open, line["arg ".Length..]);
        }
        if (id is not null)
            yield return new EtcdProcess(id.Value, settings);
    }

    /// <summary>A flag takes its variable's place. Returns the flag whose value may be the next argument.</summary>
    private static string? Add(Dictionary<string, string> settings, string? open, string argument)
    {
        if (!argument.StartsWith('-'))
        {
            if (open is not null)
                settings[open] = argument;
            return null;
        }
        string flag = argument.TrimStart('-');
        int equals = flag.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            return flag;
        settings[flag[..equals]] = flag[(equals + 1)..];
        return null;
    }

    private static EtcdException Several(EtcdProcess[] all, string where) => new(
        "SeveralEtcdOnNode",
        EtcdErrorCategory.InvalidArgument,
        $"Several etcd servers run on {where}, at {string.Join(", ", all.SelectMany(p => p.Endpoints.Take(1)))}.",
        "Say which one is meant by its client URL.",
        where);
}
