using System.Globalization;
using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clusters.Nodes;

/// <summary>
/// Looks for etcd among the processes of a node. Those in containers are there too; another user's process shows its
/// command line to everybody, and its variables and config file to root.
/// </summary>
internal static class EtcdProcessFinder
{
    private const string Script = """
        for p in /proc/[0-9]*; do
          { read -r n < "$p/comm"; } 2>/dev/null || continue
          [ "$n" = etcd ] || continue
          echo "pid ${p#/proc/}"
          { cat "$p/environ" || sudo -n cat "$p/environ"; } 2>/dev/null | tr '\0' '\n' | sed -n 's/^ETCD_/env ETCD_/p'
          { tr '\0' '\n' < "$p/cmdline" | sed 's/^/arg /'; } 2>/dev/null
        done
        true
        """;

    /// <summary>The one that is meant; null where none is to be seen.</summary>
    /// <exception cref="EtcdException">There are several, and it is not clear which one is meant; or where it listens cannot be read.</exception>
    public static async Task<EtcdProcess?> FindAsync(ICommandRunner node, EtcdEndpoint? wanted, string where, CallLimit limit)
    {
        CommandOutput output = await node.RunAsync("sh", ["-c", Script], default, limit).ConfigureAwait(false);
        EtcdProcess[] all = [.. Read(output.Output)];
        for (int i = 0; i < all.Length; i++)
            all[i] = await WithConfigFileAsync(node, all[i], limit).ConfigureAwait(false);
        if (wanted is not null)
            return Array.Find(all, p => p.Endpoints.Any(e => e.Port == wanted.Port));
        EtcdProcess[] usual = [.. all.Where(p => p.Endpoints.Any(e => e.Port == EtcdEndpoint.DefaultPort))];
        EtcdProcess? meant = (all, usual) switch
        {
            ([], _) => null,
            ([var only], _) => only,
            (_, [var only]) => only,
            _ => throw Several(all, where),
        };
        return meant is { IsInTheDark: true } ? throw ConfigUnreadable(meant, where) : meant;
    }

    /// <summary>Where there is a config file, etcd looks at no other flag and no variable.</summary>
    private static async Task<EtcdProcess> WithConfigFileAsync(ICommandRunner node, EtcdProcess process, CallLimit limit)
    {
        if (process.ConfigFile is not { } path)
            return process;
        string seen = path.StartsWith('/') ? $"/proc/{process.Id}/root{path}" : $"/proc/{process.Id}/cwd/{path}";
        return await NodeFile.ReadAsync(node, seen, limit).ConfigureAwait(false) is { } text && EtcdConfigFile.Read(text) is { } settings
            ? process with { Settings = settings }
            : process with { IsInTheDark = true };
    }

    private static IEnumerable<EtcdProcess> Read(string output)
    {
        foreach (string text in $"\n{output}".Split("\npid ").Skip(1))
        {
            string[] lines = text.Split('\n');
            var settings = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (string[] variable in After(lines, "env ETCD_").Select(l => l.Split('=', 2)).Where(v => v.Length == 2))
                settings[variable[0].ToLowerInvariant().Replace('_', '-')] = variable[1];

            // A flag takes its variable's place.
            foreach ((string flag, string value) in EtcdFlags.Read(After(lines, "arg ")))
                settings[flag] = value;
            yield return new EtcdProcess(int.Parse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture), settings);
        }
    }

    private static IEnumerable<string> After(string[] lines, string mark) =>
        lines.Where(l => l.StartsWith(mark, StringComparison.Ordinal)).Select(l => l[mark.Length..]);

    private static EtcdException ConfigUnreadable(EtcdProcess process, string where) => new(
        "EtcdConfigUnreadable",
        EtcdErrorCategory.PermissionDenied,
        $"The etcd on {where} has its settings in {process.ConfigFile}, which cannot be read there.",
        "Log in as a user who may read it (sudo without a password will do), or say where etcd listens and its certificates lie.",
        where);

    private static EtcdException Several(EtcdProcess[] all, string where) => new(
        "SeveralEtcdOnNode",
        EtcdErrorCategory.InvalidArgument,
        $"Several etcd servers run on {where}, at {string.Join(", ", all.SelectMany(p => p.Endpoints.Take(1)))}.",
        "Say which one is meant by its client URL.",
        where);
}
