using System.Globalization;
using System.Net;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>
/// Reads the etcd processes of a node, including those in containers. For a process of another user, every user can
/// read the command line, but only root can read the variables and the config file.
/// </summary>
internal static class EtcdProcessReader
{
    /// <summary>The possible error of a computed start time, in seconds. The computed time may be too early.</summary>
    private const int Accuracy = 2;

    /// <summary>
    /// The argument of the script is the host name of the client URL, or empty if the URL contains an address.
    /// </summary>
    private const string Script = """
        as_root() { { "$@" || sudo -n "$@"; } 2>/dev/null; }
        listening() { awk '$4 == "0A" { print $10 }' "$1/net/tcp" "$1/net/tcp6" 2>/dev/null; }
        same_network() {
          its=$(as_root readlink "$1/ns/net")
          if [ -n "$its" ]; then [ "$its" = "$(readlink /proc/self/ns/net)" ]; return; fi
          # Sockets have numbers that no two networks share.
          [ -n "$(listening "$1" | awk -v s=" $(listening /proc/self | tr '\n' ' ')" 'index(s, " " $1 " ")')" ]
        }
        awk '/32 host LOCAL/ { print "own " a } /\|--/ { a = $2 }' /proc/net/fib_trie 2>/dev/null | sort -u
        awk '{ gsub(/..../, "&:", $1); sub(/:$/, "", $1); print "own " $1 }' /proc/net/if_inet6 2>/dev/null
        [ -z "$1" ] || getent ahosts "$1" 2>/dev/null | awk '{ print "named " $1 }'
        for p in /proc/[0-9]*; do
          { read -r n < "$p/comm"; } 2>/dev/null || continue
          [ "$n" = etcd ] || continue
          echo "pid ${p#/proc/}"
          same_network "$p" || echo elsewhere
          awk -v now="$(date +%s)" -v hz="$(getconf CLK_TCK 2>/dev/null || echo 100)" '
            NR == 1 { up = $1; next } { printf "started %d\n", now - up + $22 / hz }' /proc/uptime "$p/stat" 2>/dev/null
          echo "cwd $(as_root readlink "$p/cwd")"
          sed 's/^/group /' "$p/cgroup" 2>/dev/null
          q=${p#/proc/}
          while q=$(awk '/^PPid:/ { print $2 }' "/proc/$q/status" 2>/dev/null) && [ "${q:-0}" -gt 0 ]; do
            echo "above $q"
          done
          { as_root ls -l "$p/fd"; cat "$p/net/tcp" "$p/net/tcp6" 2>/dev/null; } | awk '
            /socket:\[/ { sub(/.*socket:\[/, ""); sub(/\].*/, ""); own[$0] }
            $4 == "0A" && ($10 in own) { print "listens " $2 }'
          as_root cat "$p/environ" | tr '\0' '\n' | sed -n 's/^ETCD_/env ETCD_/p'
          [ -z "$(as_root head -c 1 "$p/environ")" ] || echo environ
          { tr '\0' '\n' < "$p/cmdline" | sed 's/^/arg /'; } 2>/dev/null
        done
        true
        """;

    /// <param name="node">The node.</param>
    /// <param name="wanted">The client URL whose host name the node resolves, or null if none was specified.</param>
    /// <param name="limit">The time limit of each command.</param>
    public static async Task<NodeProcesses> ReadAsync(ICommandRunner node, EtcdEndpoint? wanted, CallBudget limit)
    {
        string name = wanted is null || wanted.IsLoopback || IPAddress.TryParse(wanted.Host, out _) ? "" : wanted.Host;
        CommandOutput output = await node.RunAsync("sh", ["-c", Script, "sh", name], default, limit)
            .ConfigureAwait(false);
        string[][] parts = [.. $"\n{output.Output}".Split("\npid ").Select(part => part.Split('\n'))];
        var network = new NodeNetwork(
            Addresses(parts[0], "own ").ToHashSet(),
            [.. Addresses(parts[0], "named ").Distinct()]
        );
        var all = new List<EtcdProcess>();
        foreach (string[] lines in parts.Skip(1))
            if (Read(lines) is { } process)
                all.Add(await WithConfigFileAsync(node, process, limit).ConfigureAwait(false));
        return new NodeProcesses(all, network);
    }

    /// <summary>With a config file, etcd ignores all other flags and variables.</summary>
    private static async Task<EtcdProcess> WithConfigFileAsync(
        ICommandRunner node,
        EtcdProcess process,
        CallBudget limit
    )
    {
        if (process.ConfigFile is not { } path)
            return process;
        MemberSetting[] flags = [.. process.Origins.Where(s => s.Origin is SettingOrigin.CommandLine)];
        string seen = path.StartsWith('/') ? $"/proc/{process.Id}/root{path}" : $"/proc/{process.Id}/cwd/{path}";
        return
            await NodeFile.ReadAsync(node, seen, limit).ConfigureAwait(false) is { } text
            && EtcdConfigFile.Read(text) is { } settings
            ? await IsAsReadAsync(node, process, seen, limit).ConfigureAwait(false)
                ? process with
                {
                    Settings = settings,
                    Origins = Combine(flags, settings),
                    HasConfigFile = true,
                    IsWhole = true,
                }
                : process with
                {
                    Settings = settings,
                    Origins = Combine(flags, settings),
                    HasConfigFile = true,
                    IsWhole = false,
                    IsOutdated = true,
                }
            : process with
            {
                Settings = new Dictionary<string, string> { ["config-file"] = path },
                Origins = flags,
                IsWhole = false,
                IsConfigUnreadable = true,
            };
    }

    private static MemberSetting[] Combine(MemberSetting[] flags, IReadOnlyDictionary<string, string> settings) =>
        [.. flags, .. settings.Select(s => new MemberSetting(s.Key, s.Value, SettingOrigin.ConfigFile))];

    /// <summary>Whether the file has not changed since the process read it at its start.</summary>
    private static async Task<bool> IsAsReadAsync(
        ICommandRunner node,
        EtcdProcess process,
        string path,
        CallBudget limit
    ) =>
        process.Started is { } started
        && await NodeFile.ReadChangeTimeAsync(node, path, limit).ConfigureAwait(false) is { } changed
        && changed <= started + Accuracy;

    /// <summary>
    /// Returns null if the process is not a member: a proxy, or a process that has ended and no longer has a command
    /// line.
    /// </summary>
    private static EtcdProcess? Read(string[] lines)
    {
        string[] words = [.. After(lines, "arg ")];
        if (words is [] or [_, "gateway" or "grpc-proxy", ..])
            return null;
        MemberSetting[] origins =
        [
            .. After(lines, "env ")
                .Select(l => l.Split('=', 2))
                .Where(v => v.Length == 2)
                .Select(v => (Flag: MemberSettings.FlagOf(v[0]), Value: v[1]))
                .Where(v => v.Flag is not null)
                .Select(v => new MemberSetting(v.Flag!, v.Value, SettingOrigin.Variable)),
            .. EtcdFlags.Read(words).Select(f => new MemberSetting(f.Key, f.Value, SettingOrigin.CommandLine)),
        ];
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);

        // A flag overrides its variable.
        foreach (MemberSetting setting in origins)
            settings[setting.Flag] = setting.Value!;
        return new EtcdProcess(int.Parse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture), settings)
        {
            Origins = origins,
            IsEnvironmentRead = lines.Contains("environ"),
            IsWhole = lines.Contains("environ"),
            IsElsewhere = lines.Contains("elsewhere"),
            Started = long.TryParse(
                After(lines, "started ").FirstOrDefault(),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out long started
            )
                ? started
                : null,
            WorkingFolder = After(lines, "cwd ").FirstOrDefault(f => f.StartsWith('/')),
            Listeners = [.. After(lines, "listens ").Select(Listener.TryRead).OfType<Listener>()],
            ControlGroups = [.. After(lines, "group ")],
            Ancestors =
            [
                .. After(lines, "above ").Select(p => int.Parse(p, NumberStyles.None, CultureInfo.InvariantCulture)),
            ],
        };
    }

    private static IEnumerable<IPAddress> Addresses(string[] lines, string mark) =>
        After(lines, mark)
            .Select(text => IPAddress.TryParse(text, out IPAddress? address) ? NodeNetwork.Plain(address) : null)
            .OfType<IPAddress>();

    private static IEnumerable<string> After(string[] lines, string mark) =>
        lines.Where(l => l.StartsWith(mark, StringComparison.Ordinal)).Select(l => l[mark.Length..]);
}
