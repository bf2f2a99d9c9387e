using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Containers;

/// <summary>
/// Runs programs in one container through the program of the container runtime. Errors of the runtime are distinguished
/// from errors of the program.
/// </summary>
internal sealed class ContainerCommandRunner(
    ICommandRunner node,
    ContainerTool tool,
    string container,
    IReadOnlyDictionary<string, string>? variables = null
) : ICommandRunner
{
    private readonly IReadOnlyDictionary<string, string> _variables = variables ?? new Dictionary<string, string>();

    private static readonly string[] ProgramMissing =
    [
        "executable file not found",
        "OCI runtime exec failed",
        "exec failed: unable to start",
    ];

    // If a container was restarted in place, its stopped predecessor still exists. The runtime refuses an exec in the
    // predecessor with these messages of docker and crun, podman, containerd, CRI-O, cri-dockerd, nerdctl, and of runc
    // and its shim.
    private static readonly string[] ContainerMissing =
    [
        "no such container",
        "no container with name or ID",
        "code = NotFound",
        "is not running",
        "on running containers",
        "container is in CONTAINER_",
        "container is not created or running",
        "container not running",
        "no running task",
        "cannot exec in a stopped",
    ];

    public async Task<CommandOutput> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    )
    {
        CommandOutput output = await node.RunAsync(
                tool.Program,
                tool.ExecArguments(container, !input.IsEmpty, _variables, program, arguments),
                input,
                limit
            )
            .ConfigureAwait(false);
        if (output.ExitCode == 0 || output.Output.Length > 0)
            return output;
        if (Says(output, ContainerMissing))
            throw new DialException(CallFailure.ContainerMissing, LastLine(output));
        return Says(output, ProgramMissing)
            ? throw new DialException(CallFailure.ProgramMissing, LastLine(output))
            : output;
    }

    public ICommandRunner? With(IReadOnlyDictionary<string, string> variables) =>
        tool.SetsVariables ? new ContainerCommandRunner(node, tool, container, variables) : null;

    public ValueTask DisposeAsync() => node.DisposeAsync();

    private static bool Says(CommandOutput output, string[] texts) =>
        texts.Any(t => output.Errors.Contains(t, StringComparison.OrdinalIgnoreCase));

    private static string LastLine(CommandOutput output) => output.Errors.Trim().Split('\n')[^1];
}
