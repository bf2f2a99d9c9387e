using System.Globalization;
using System.Text.Json;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Containers;

/// <summary>
/// The commands with which one container runtime lists its containers and runs a program in one of them.
/// </summary>
internal sealed record ContainerTool(EtcdContainerRuntime Runtime, string Program, params string[] Prefix)
{
    /// <summary>
    /// The runtimes in the order in which they are tried. The PATH that sudo sets may lack /usr/local/bin, where crictl
    /// is often installed. RKE2 keeps its own crictl outside every PATH. nerdctl shows one namespace at a time, and
    /// Kubernetes has its own namespace.
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

    /// <summary>The number of characters that identify a container; runtimes show 12 characters of an ID.</summary>
    public const int ShortestId = 12;

    /// <summary>The name of the program, for messages.</summary>
    public string Name => Program[(Program.LastIndexOf('/') + 1)..];

    public IReadOnlyList<string> ListArguments =>
        Runtime is EtcdContainerRuntime.Crictl
            ? [.. Prefix, "ps", "--state", "Running", "-o", "json"]
            : [.. Prefix, "ps", "--no-trunc", "--format", "{{.ID}} {{.Names}}"];

    /// <summary>
    /// Returns the process ID, on the node, of the first process of a container, or null if the runtime does not report
    /// it.
    /// </summary>
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

    /// <summary>
    /// Whether the runtime can set environment variables for a program. The variables are visible on a command line.
    /// </summary>
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
    /// Returns the running containers with the name from the pod manifest or from the user, without pod sandboxes.
    /// </summary>
    /// <exception cref="JsonException">The output is not a list of containers.</exception>
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
    /// In docker, the kubelet names a container <c>k8s_CONTAINER_pod_namespace_uid_n</c>, with POD as the name of a
    /// sandbox. nerdctl shows <c>k8s://namespace/pod/container</c>, and omits the last part for a sandbox.
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
