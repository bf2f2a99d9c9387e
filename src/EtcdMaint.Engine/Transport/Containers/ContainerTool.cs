using System.Globalization;
using System.Text.Json;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Containers;

/// <summary>
/// How one container runtime's program is asked for its containers, and told to run something in one.
/// </summary>
internal sealed record ContainerTool(EtcdContainerRuntime Runtime, string Program, params string[] Prefix)
{
    /// <summary>
    /// In the order in which they are tried. The PATH that sudo sets may lack /usr/local/bin, where crictl often is;
    /// RKE2 keeps its own, apart from every PATH. nerdctl shows one namespace at a time; Kubernetes has its own.
    /// </summary>
    public static readonly IReadOnlyList<ContainerTool> All =
    [
        new(EtcdContainerRuntime.Crictl, "crictl"),
        new(EtcdContainerRuntime.Crictl, "/usr/local/bin/crictl"),
        new(
            EtcdContainerRuntime.Crictl,
            "/var/lib/rancher/rke2/bin/crictl",
            "--config",
            "/var/lib/rancher/rke2/agent/etc/crictl.yaml"
        ),
        new(EtcdContainerRuntime.Nerdctl, "nerdctl", "--namespace", "k8s.io"),
        new(EtcdContainerRuntime.Nerdctl, "nerdctl"),
        new(EtcdContainerRuntime.Docker, "docker"),
        new(EtcdContainerRuntime.Podman, "podman"),
    ];

    /// <summary>How many characters of an ID stand for it; runtimes show twelve.</summary>
    public const int ShortestId = 12;

    /// <summary>What people call it.</summary>
    public string Name => Program[(Program.LastIndexOf('/') + 1)..];

    public IReadOnlyList<string> ListArguments =>
        Runtime is EtcdContainerRuntime.Crictl
            ? [.. Prefix, "ps", "--state", "Running", "-o", "json"]
            : [.. Prefix, "ps", "--no-trunc", "--format", "{{.ID}} {{.Names}}"];

    /// <summary>The first process of a container by its ID on the node; null where the runtime does not tell.</summary>
    public async Task<int?> ReadProcessIdAsync(ICommandRunner runner, string container, CallBudget limit)
    {
        string[] arguments =
            Runtime is EtcdContainerRuntime.Crictl
                ? [.. Prefix, "inspect", "-o", "json", container]
                : [.. Prefix, "inspect", "--format", "{{.State.Pid}}", container];
        CommandOutput output = await runner.RunAsync(Program, arguments, default, limit).ConfigureAwait(false);
        if (output.ExitCode != 0)
            return null;
        string text = Runtime is EtcdContainerRuntime.Crictl ? ReadCrictlProcess(output.Output) : output.Output.Trim();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id > 0 ? id : null;
    }

    /// <summary>Whether it can give a program variables. They show on a command line.</summary>
    public bool SetsVariables => Runtime is not EtcdContainerRuntime.Crictl;

    public IReadOnlyList<string> ExecArguments(
        string container,
        bool hasInput,
        IReadOnlyDictionary<string, string> variables,
        string program,
        IEnumerable<string> arguments
    ) =>
        [
            .. Prefix,
            "exec",
            .. hasInput ? ["-i"] : Array.Empty<string>(),
            .. variables.SelectMany(v => new[] { "-e", $"{v.Key}={v.Value}" }),
            container,
            program,
            .. arguments,
        ];

    /// <summary>
    /// The running containers by the name that a pod's manifest, or a person, gave them; pod sandboxes are none.
    /// </summary>
    /// <exception cref="JsonException">That is not what was asked for.</exception>
    public IEnumerable<(string Id, string Name)> ReadList(string output) =>
        Runtime is EtcdContainerRuntime.Crictl
            ? ReadJson(output)
            : output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Split(' ', 2))
                .Where(parts => parts.Length == 2)
                .SelectMany(parts => parts[1].Split(',').Select(name => (parts[0], PlainName(name))))
                .Where(found => found.Item2.Length > 0);

    private static string ReadCrictlProcess(string output)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(output);
            return document.RootElement.GetProperty("info").GetProperty("pid").ToString();
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }

    private static List<(string, string)> ReadJson(string output)
    {
        using JsonDocument document = JsonDocument.Parse(output);
        return
        [
            .. document
                .RootElement.GetProperty("containers")
                .EnumerateArray()
                .Select(c =>
                    (c.GetProperty("id").GetString()!, c.GetProperty("metadata").GetProperty("name").GetString()!)
                ),
        ];
    }

    /// <summary>
    /// The kubelet made <c>k8s_CONTAINER_pod_namespace_uid_n</c> of it in docker, with POD for a sandbox; nerdctl shows
    /// <c>k8s://namespace/pod/container</c>, for a sandbox without the last part.
    /// </summary>
    private static string PlainName(string name)
    {
        if (name.StartsWith("k8s://", StringComparison.Ordinal))
            return name["k8s://".Length..].Split('/') is [_, _, var container] ? container : "";
        string[] parts = name.Split('_');
        return parts is ["k8s", _, _, _, ..]
            ? parts[1] is "POD"
                ? ""
                : parts[1]
            : name;
    }
}
