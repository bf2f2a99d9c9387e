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
            CommandOutput? list = await ListAsync(node, tool, limit).ConfigureAwait(false);
            if (list is null)
            {
                PassOver($"there is no {tool.Name}");
                continue;
            }
            if (Choose(tool, list) is { } own)
                return new ContainerCommandRunner(node, tool, own);

            // Root may have others: podman shows each user only his own, and calls an empty list a success.
            var sudo = new SudoCommandRunner(node);
            CommandOutput? raised = await ListAsync(sudo, tool, limit).ConfigureAwait(false);
            if (raised is not null && Choose(tool, raised) is { } roots)
                return new ContainerCommandRunner(sudo, tool, roots);
            if (list.ExitCode != 0 && raised is not { ExitCode: 0 })
            {
                failure = CallFailure.RuntimeUnusable;
                PassOver($"{tool.Name}: {list.Errors.Trim().Split('\n')[^1]}");
                continue;
            }
            failure = CallFailure.ContainerMissing;
            PassOver($"{tool.Name} has no running container named {string.Join(" or ", Names)}");
        }
        return runtime is EtcdContainerRuntime.Auto ? null : throw new DialException(failure, PassedOver);
    }

    private string[] Names => name is null ? UsualNames : [name];

    /// <summary>Null where the program is not there.</summary>
    private static async Task<CommandOutput?> ListAsync(ICommandRunner runner, ContainerTool tool, CallLimit limit)
    {
        try
        {
            return await runner.RunAsync(tool.Program, tool.ListArguments, default, limit).ConfigureAwait(false);
        }
        catch (DialException missing) when (missing.Failure is CallFailure.ProgramMissing)
        {
            return null;
        }
    }

    private void PassOver(string why)
    {
        if (!_passedOver.Contains(why))
            _passedOver.Add(why);
    }

    private string? Choose(ContainerTool tool, CommandOutput list)
    {
        if (list.ExitCode != 0)
            return null;
        (string Id, string Name)[] running;
        try
        {
            running = [.. tool.ReadList(list.Output)];
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DialException(CallFailure.RuntimeUnusable, $"{tool.Name} did not list its containers as expected", cause);
        }
        foreach (string wanted in Names)
        {
            string[] ids = [.. running.Where(c => c.Name == wanted).Select(c => c.Id).Distinct()];
            if (ids.Length > 1)
                throw new DialException(CallFailure.ContainerMissing, $"{tool.Name} has {ids.Length} running containers named {wanted}, and which one is meant is not clear");
            if (ids.Length == 1)
                return ids[0];
        }
        return null;
    }
}
