namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>
/// A folder of programs that stand in for container runtimes. Each accepts only the arguments that the real runtime
/// accepts, logs them, and runs the real etcdctl for its only container.
/// </summary>
internal sealed class RuntimeStandIn
{
    private const string Script = """
        #!/bin/sh
        here=$(dirname "$0"); name=$(basename "$0"); id=$(cat "$here/id")
        echo "$name $*" >> "$here/log"
        if [ -e "$here/root-only" ] && [ -z "$AS_ROOT" ]; then
          echo 'permission denied while trying to connect to the daemon socket' >&2; exit 1
        fi
        if [ -e "$here/roots" ] && [ -z "$AS_ROOT" ] && [ "$1" = ps ]; then exit 0; fi
        if [ "$name" = nerdctl ] && [ "$1" = --namespace ]; then
          [ "$2" = k8s.io ] || exit 64; shift 2
        elif [ "$name" = nerdctl ]; then [ "$1" = ps ] && exit 0; fi
        case "$name $*" in
          "crictl ps --state Running -o json") sed "s/ID/$id/" "$here/list-crictl"; exit ;;
          "crictl ps"*) exit 64 ;;
          *" ps --no-trunc --format {{.ID}} {{.Names}}") sed "s/ID/$id/" "$here/list-$name"; exit ;;
          *" inspect --format {{.State.Pid}} "*) cat "$here/process-$4"; exit ;;
          *" exec "*) shift ;;
          *) echo "unknown arguments: $*" >&2; exit 64 ;;
        esac
        input=/dev/null
        if [ "$1" = -i ]; then shift; input=/dev/stdin; fi
        . "$here/variables"
        while [ "$1" = -e ]; do [ "$name" != crictl ] || exit 64; export "$2"; shift 2; done
        if [ -e "$here/dead-$1" ]; then cat "$here/dead-$1" >&2; exit 1; fi
        [ "$1" = "$id" ] || { echo "Error response from daemon: No such container: $1" >&2; exit 1; }
        case "$2" in
          etcdctl|sh|env) [ -e "$here/inside/$2" ] || {
            echo 'OCI runtime exec failed: exec failed: unable to start container process: exec:' \
              "\"$2\": executable file not found in \$PATH: unknown" >&2; exit 126; } ;;
          *) echo 'OCI runtime exec failed: exec failed: executable file not found in $PATH' >&2; exit 127 ;;
        esac
        shift; program=$1; shift
        PATH="$here/inside:/bin:/usr/bin" exec "$here/inside/$program" "$@" < "$input"
        """;

    private static readonly Dictionary<string, string> Lists = new()
    {
        ["crictl"] =
            """{"containers":[{"id":"abc","metadata":{"name":"kube-apiserver"}},{"id":"ID","metadata":{"name":"etcd"}}]}""",
        ["nerdctl"] =
            "111 k8s://kube-system/etcd-server\n222 k8s://kube-system/etcd-server/metrics\nID "
            + "k8s://kube-system/etcd-server/etcd-container\n",
        ["docker"] =
            "111 k8s_POD_etcd-server_kube-system_uid_0\n222 k8s_kube-apiserver_etcd_kube-system_uid_0\nID "
            + "k8s_etcd-container_etcd-server_kube-system_uid_3\n",
        ["podman"] = "111 0a1b2c3d-infra\nID etcd\n",
    };

    private readonly string _folder;

    public RuntimeStandIn(string folder, string etcdctl)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "inside"));
        File.CreateSymbolicLink(Path.Combine(folder, "inside", "etcdctl"), etcdctl);
        Id = "0123456789ab";
        SetVariables();
        foreach ((string name, string list) in Lists)
            File.WriteAllText(Path.Combine(folder, $"list-{name}"), list);
    }

    public string Id
    {
        set => File.WriteAllText(Path.Combine(_folder, "id"), value);
    }

    public IReadOnlyList<string> Commands => [.. File.Exists(Log) ? File.ReadAllLines(Log) : []];

    private string Log => Path.Combine(_folder, "log");

    public void Add(string runtime) => Write(runtime, Script);

    /// <summary>From now on only root can use the runtimes, and sudo asks for no password.</summary>
    public void RequireSudo()
    {
        File.WriteAllText(Path.Combine(_folder, "root-only"), "");
        AddSudo();
    }

    /// <summary>
    /// From now on the containers belong to root. Other users get an empty list, which is not an error.
    /// </summary>
    public void GiveToRoot()
    {
        File.WriteAllText(Path.Combine(_folder, "roots"), "");
        AddSudo();
    }

    /// <summary>
    /// From now on another container runs and the previous one is stopped but still listed, as after a restart by the
    /// kubelet. Each runtime reports this with a message of its own.
    /// </summary>
    public void Restart(string words)
    {
        File.WriteAllText(Path.Combine(_folder, $"dead-{File.ReadAllText(Path.Combine(_folder, "id"))}"), words);
        Id = "ba9876543210";
    }

    public void PutShellInside() => File.CreateSymbolicLink(Path.Combine(_folder, "inside", "sh"), "/bin/sh");

    public void PutEnvInside() => File.CreateSymbolicLink(Path.Combine(_folder, "inside", "env"), "/usr/bin/env");

    /// <summary>The container's environment from now on.</summary>
    public void SetVariables(params (string Name, string Value)[] variables) =>
        File.WriteAllLines(Path.Combine(_folder, "variables"), variables.Select(v => $"export {v.Name}='{v.Value}'"));

    public void TakeEtcdctlAway() => File.Delete(Path.Combine(_folder, "inside", "etcdctl"));

    /// <summary>
    /// From now on docker has these containers, all with the same name; commands can run in the one of
    /// <see cref="Id"/>.
    /// </summary>
    public void ListInDocker(string name, params (string Id, int Process)[] containers)
    {
        File.WriteAllLines(Path.Combine(_folder, "list-docker"), containers.Select(c => $"{c.Id} {name}"));
        foreach ((string id, int process) in containers)
            File.WriteAllText(Path.Combine(_folder, $"process-{id}"), $"{process}\n");
    }

    public void EmptyList(string runtime) =>
        File.WriteAllText(Path.Combine(_folder, $"list-{runtime}"), runtime == "crictl" ? "{\"containers\":[]}" : "");

    private void AddSudo() =>
        Write("sudo", "#!/bin/sh\n[ \"$1 $2\" = '-n --' ] || exit 64\nshift 2\nAS_ROOT=1 exec \"$@\"\n");

    private void Write(string name, string script)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, script);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
