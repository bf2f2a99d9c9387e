using System.Text.Json;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Containers;

/// <summary>Finds the running containers of a node in which etcd may run, one runtime after the other.</summary>
/// <param name="node">The node.</param>
/// <param name="runtime">The runtimes to search.</param>
/// <param name="name">The name of a container or the beginning of its ID, or null for the usual names.</param>
internal sealed class ContainerFinder(ICommandRunner node, EtcdContainerRuntime runtime, string? name)
{
    private static readonly string[] UsualNames = ["etcd-container", "etcd"];

    private readonly RuntimeNotes _passedOver = new();

    /// <summary>The reasons why no container of a runtime was chosen, for the message if none is found.</summary>
    public string PassedOver => _passedOver.ToString();

    /// <summary>The error if there is no container in which etcdctl can run.</summary>
    public DialException NotFound() => new(_passedOver.Failure, PassedOver);

    /// <summary>Adds a reason why a container that was found is not used.</summary>
    public void PassOver(NodeContainer container, string why) =>
        _passedOver.Add(
            container.Tool.Name,
            CallFailure.ContainerMissing,
            $"{container.Tool.Name} has {container}, and {why}"
        );

    /// <summary>
    /// Returns the containers of each runtime that has any. The next runtime is searched only if the caller requests
    /// more.
    /// </summary>
    /// <param name="holdsEtcd">Whether etcd runs in the container with this ID. If no name was given, such a container
    /// is included too.</param>
    /// <param name="limit">How long each command may take.</param>
    public async IAsyncEnumerable<IReadOnlyList<NodeContainer>> FindAsync(
        Func<string, bool> holdsEtcd,
        CallBudget limit
    )
    {
        foreach (
            ContainerTool tool in ContainerTool.All.Where(t =>
                runtime is EtcdContainerRuntime.Auto || t.Runtime == runtime
            )
        )
        {
            NodeContainer[] own = await AskAsync(node, tool, holdsEtcd, limit).ConfigureAwait(false);
            if (own.Length > 0)
                yield return own;

            // root may see other containers: podman shows each user only the user's own containers and reports an empty
            // list as success.
            NodeContainer[] roots = await AskAsync(new SudoCommandRunner(node), tool, holdsEtcd, limit)
                .ConfigureAwait(false);
            if (roots.Length > 0)
                yield return roots;
        }
    }

    private string Wanted => name ?? string.Join(" or ", UsualNames);

    private async Task<NodeContainer[]> AskAsync(
        ICommandRunner runner,
        ContainerTool tool,
        Func<string, bool> holdsEtcd,
        CallBudget limit
    )
    {
        CommandOutput? list = await ListAsync(runner, tool, limit).ConfigureAwait(false);
        if (list is null)
            return [];
        if (list.ExitCode != 0)
        {
            string said = list.Errors.Trim().Split('\n')[^1];
            if (runner is SudoCommandRunner)
                _passedOver.AddRefusedToRoot(tool.Name, said);
            else
                _passedOver.Add(tool.Name, CallFailure.RuntimeUnusable, $"{tool.Name}: {said}");
            return [];
        }
        NodeContainer[] chosen =
        [
            .. Read(tool, list)
                .DistinctBy(c => c.Id)
                .Where(c => IsNamed(c) || (name is null && holdsEtcd(c.Id)))
                .Select(c => new NodeContainer(runner, tool, c.Id, c.Name)),
        ];
        if (chosen.Length == 0)
            _passedOver.Add(
                tool.Name,
                CallFailure.ContainerMissing,
                $"{tool.Name} has no running container named {Wanted}"
            );
        for (int i = 0; i < chosen.Length; i++)
            chosen[i] = chosen[i] with
            {
                ProcessId = await tool.ReadProcessIdAsync(runner, chosen[i].Id, limit).ConfigureAwait(false),
            };
        return chosen;
    }

    private bool IsNamed((string Id, string Name) container) =>
        name is null
            ? UsualNames.Contains(container.Name)
            : container.Name == name
                || (name.Length >= ContainerTool.ShortestId && container.Id.StartsWith(name, StringComparison.Ordinal));

    /// <summary>Returns null if the program does not exist.</summary>
    private async Task<CommandOutput?> ListAsync(ICommandRunner runner, ContainerTool tool, CallBudget limit)
    {
        try
        {
            return await runner.RunAsync(tool.Program, tool.ListArguments, default, limit).ConfigureAwait(false);
        }
        catch (DialException missing) when (missing.Failure is CallFailure.ProgramMissing)
        {
            // A shell uses the same exit code if the program exists and the user may not run it.
            if (missing.Message.Contains("permission denied", StringComparison.OrdinalIgnoreCase))
                _passedOver.Add(tool.Name, CallFailure.RuntimeUnusable, $"{tool.Name}: {missing.Message}");
            else
                _passedOver.AddMissing(tool.Name);
            return null;
        }
    }

    private static IReadOnlyList<(string Id, string Name)> Read(ContainerTool tool, CommandOutput list)
    {
        try
        {
            return [.. tool.ReadList(list.Output)];
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DialException(
                CallFailure.RuntimeUnusable,
                $"{tool.Name} returned a list of containers that cannot be read",
                cause
            );
        }
    }
}
