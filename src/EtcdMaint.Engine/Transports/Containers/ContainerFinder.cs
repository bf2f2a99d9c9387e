using System.Text.Json;
using EtcdMaint.Engine.Clients;

namespace EtcdMaint.Engine.Transports.Containers;

/// <summary>Finds the running etcd container of a node, by the first runtime that has one.</summary>
internal sealed class ContainerFinder(ICommandRunner node, EtcdContainerRuntime runtime, string? name)
{
    private static readonly string[] UsualNames = ["etcd-container", "etcd"];

    /// <summary>Why a runtime was passed over, for the message should nothing be found.</summary>
    private readonly List<string> _passedOver = [];

    public string PassedOver => string.Join(", ", _passedOver);

    /// <summary>Null where etcdctl is to be run on the node itself.</summary>
    /// <exception cref="DialException">The runtime that was asked for has no such container.</exception>
    public async Task<ICommandRunner?> FindAsync(CallLimit limit)
    {
        if (runtime is EtcdContainerRuntime.None)
            return null;
        var failure = CallFailure.RuntimeMissing;
        foreach (ContainerTool tool in ContainerTool.All.Where(t => runtime is EtcdContainerRuntime.Auto || t.Runtime == runtime))
        {
            (ICommandRunner Runner, CommandOutput Output)? list = await ListAsync(tool, limit).ConfigureAwait(false);
            if (list is not { } answered)
                continue;
            if (answered.Output.ExitCode != 0)
            {
                failure = CallFailure.RuntimeUnusable;
                _passedOver.Add($"{tool.Program}: {answered.Output.Errors.Trim().Split('\n')[^1]}");
                continue;
            }
            if (Choose(tool, answered.Output.Output) is { } container)
                return new ContainerCommandRunner(answered.Runner, tool, container);
            failure = CallFailure.ContainerMissing;
            _passedOver.Add($"{tool.Program} has no running container named {string.Join(" or ", Names)}");
        }
        return runtime is EtcdContainerRuntime.Auto ? null : throw new DialException(failure, PassedOver);
    }

    private string[] Names => name is null ? UsualNames : [name];

    /// <summary>As the user that logged in, then by sudo; null where the runtime is not there.</summary>
    private async Task<(ICommandRunner, CommandOutput)?> ListAsync(ContainerTool tool, CallLimit limit)
    {
        CommandOutput refused;
        try
        {
            refused = await node.RunAsync(tool.Program, tool.ListArguments, default, limit).ConfigureAwait(false);
            if (refused.ExitCode == 0)
                return (node, refused);
        }
        catch (DialException missing) when (missing.Failure is CallFailure.ProgramMissing)
        {
            if (!_passedOver.Contains($"there is no {tool.Program}"))
                _passedOver.Add($"there is no {tool.Program}");
            return null;
        }
        try
        {
            var sudo = new SudoCommandRunner(node);
            CommandOutput raised = await sudo.RunAsync(tool.Program, tool.ListArguments, default, limit).ConfigureAwait(false);
            return raised.ExitCode == 0 ? (sudo, raised) : (node, refused);
        }
        catch (DialException missing) when (missing.Failure is CallFailure.ProgramMissing)
        {
            return (node, refused);
        }
    }

    private string? Choose(ContainerTool tool, string output)
    {
        (string Id, string Name)[] running;
        try
        {
            running = [.. tool.ReadList(output)];
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DialException(CallFailure.RuntimeUnusable, $"{tool.Program} did not list its containers as expected", cause);
        }
        foreach (string wanted in Names)
        {
            string[] ids = [.. running.Where(c => c.Name == wanted).Select(c => c.Id).Distinct()];
            if (ids.Length > 1)
                throw new DialException(CallFailure.ContainerMissing, $"{tool.Program} has {ids.Length} running containers named {wanted}, and which one is meant is not clear");
            if (ids.Length == 1)
                return ids[0];
        }
        return null;
    }
}
