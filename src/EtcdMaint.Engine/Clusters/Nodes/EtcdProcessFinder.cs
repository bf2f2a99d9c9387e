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
        as_root() { { "$@" || sudo -n "$@"; } 2>/dev/null; }
        listening() { awk '$4 == "0A" { print $10 }' "$1/net/tcp" "$1/net/tcp6" 2>/dev/null; }
        same_network() {
          its=$(as_root readlink "$1/ns/net")
          if [ -n "$its" ]; then [ "$its" = "$(readlink /proc/self/ns/net)" ]; return; fi
          # Sockets have numbers that no two networks share.
          [ -n "$(listening "$1" | awk -v s=" $(listening /proc/self | tr '\n' ' ')" 'index(s, " " $1 " ")')" ]
        }
        for p in /proc/[0-9]*; do
          { read -r n < "$p/comm"; } 2>/dev/null || continue
          [ "$n" = etcd ] || continue
          echo "pid ${p#/proc/}"
          same_network "$p" || echo elsewhere
          echo "cwd $(as_root readlink "$p/cwd")"
          { as_root ls -l "$p/fd"; cat "$p/net/tcp" "$p/net/tcp6" 2>/dev/null; } | awk '
            /socket:\[/ { sub(/.*socket:\[/, ""); sub(/\].*/, ""); own[$0] }
            $4 == "0A" && ($10 in own) { n = split($2, a, ":"); print "port " a[n] }'
          as_root cat "$p/environ" | tr '\0' '\n' | sed -n 's/^ETCD_/env ETCD_/p'
          [ -z "$(as_root head -c 1 "$p/environ")" ] || echo environ
          { tr '\0' '\n' < "$p/cmdline" | sed 's/^/arg /'; } 2>/dev/null
        done
        true
        """;

    /// <summary>
    /// The one that is meant: of those in the node's own network, the one that listens at the endpoint, or the only one. Null where
    /// none is seen, or where none or several may be at the endpoint.
    /// </summary>
    /// <exception cref="EtcdException">There are several, and it is not clear which one is meant; or where it listens cannot be read.</exception>
    public static async Task<EtcdProcess?> FindAsync(ICommandRunner node, EtcdEndpoint? wanted, string where, CallLimit limit)
    {
        CommandOutput output = await node.RunAsync("sh", ["-c", Script], default, limit).ConfigureAwait(false);
        EtcdProcess[] all = [.. Read(output.Output)];
        for (int i = 0; i < all.Length; i++)
            all[i] = await WithConfigFileAsync(node, all[i], limit).ConfigureAwait(false);
        if (Array.Exists(all, p => !p.IsElsewhere))
            all = [.. all.Where(p => !p.IsElsewhere)];
        if (wanted is not null)
            return FindAt(wanted, [.. all.Where(p => p.Serves(wanted))]);
        EtcdProcess? meant = all.Length > 1 ? throw Several(all, where) : all.FirstOrDefault();
        return meant is { IsInTheDark: true } ? throw ConfigUnreadable(meant, where) : meant;
    }

    /// <summary>Several can listen on one port, each at an address of its own.</summary>
    private static EtcdProcess? FindAt(EtcdEndpoint wanted, EtcdProcess[] all)
    {
        if (all is [var only])
            return only;
        EtcdProcess[] exact = [.. all.Where(p => p.Endpoints.Any(e => e.Port == wanted.Port && e.Host == wanted.Host))];
        return exact is [var one] ? one : null;
    }

    /// <summary>Where there is a config file, etcd looks at no other flag and no variable.</summary>
    private static async Task<EtcdProcess> WithConfigFileAsync(ICommandRunner node, EtcdProcess process, CallLimit limit)
    {
        if (process.ConfigFile is not { } path)
            return process;
        string seen = path.StartsWith('/') ? $"/proc/{process.Id}/root{path}" : $"/proc/{process.Id}/cwd/{path}";
        return await NodeFile.ReadAsync(node, seen, limit).ConfigureAwait(false) is { } text && EtcdConfigFile.Read(text) is { } settings
            ? process with { Settings = settings, IsWhole = true }
            : process with { Settings = new Dictionary<string, string> { ["config-file"] = path }, IsWhole = false, IsInTheDark = true };
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
            string[] words = [.. After(lines, "arg ")];
            if (words is [_, "gateway" or "grpc-proxy", ..])
                continue;
            foreach ((string flag, string value) in EtcdFlags.Read(words))
                settings[flag] = value;
            yield return new EtcdProcess(int.Parse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture), settings)
            {
                IsWhole = lines.Contains("environ"),
                IsElsewhere = lines.Contains("elsewhere"),
                WorkingFolder = After(lines, "cwd ").FirstOrDefault(f => f.StartsWith('/')),
                ListeningPorts = [.. After(lines, "port ").Select(p => int.Parse(p, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))],
            };
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
        "Specify the one that is meant by its client URL (-ClientUrl, or -Endpoint with -EtcdctlPath).",
        where);
}
