using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Containers;

namespace EtcdMaint.Engine.Connecting.Ssh;

/// <summary>Finds the selected etcd of a node, and the container in which etcdctl runs.</summary>
/// <param name="node">Runs programs on the node.</param>
/// <param name="request">The request of the user.</param>
/// <param name="given">The client URL of this node, or null if none was specified.</param>
/// <param name="where">The name of the node, for messages.</param>
internal sealed class NodeSearch(ICommandRunner node, SshConnectRequest request, EtcdEndpoint? given, string where)
{
    private readonly ContainerFinder _finder = new(node, request.ContainerRuntime, request.Container);

    /// <param name="entersContainers">Whether etcdctl is used. A stream needs no container.</param>
    /// <param name="limit">The time limit of each command.</param>
    /// <exception cref="DialException">The specified container was not found, or there are several
    /// candidates.</exception>
    /// <exception cref="EtcdException">There are several candidate etcd processes.</exception>
    public async Task<NodeEtcd> FindAsync(bool entersContainers, CallBudget limit)
    {
        NodeProcesses seen = await EtcdProcessReader.ReadAsync(node, given, limit).ConfigureAwait(false);
        if (request.ContainerRuntime is EtcdContainerRuntime.None)
            return new NodeEtcd(EtcdProcessFinder.Choose(seen, given, where), null, "");
        if (request.Container is not null)
            return await FindNamedAsync(seen, entersContainers, limit).ConfigureAwait(false);
        EtcdProcess? process = EtcdProcessFinder.Choose(seen, given, where);
        NodeContainer? container = entersContainers
            ? await FindContainerAsync(process, seen, limit).ConfigureAwait(false)
            : null;
        return new NodeEtcd(process, container, _finder.PassedOver);
    }

    private async Task<NodeEtcd> FindNamedAsync(NodeProcesses seen, bool entersContainers, CallBudget limit)
    {
        await foreach (IReadOnlyList<NodeContainer> named in _finder.FindAsync(_ => false, limit).ConfigureAwait(false))
        {
            var choice = new ContainerChoice(named, isNamed: true);
            EtcdProcess? process = EtcdProcessFinder.Choose(choice.Narrow(seen), given, where, isNamed: true);
            if (!entersContainers)
                return process is { IsElsewhere: true } && given is null
                    ? throw InOwnNetwork(request.Container!)
                    : new NodeEtcd(process, null, "");
            if (choice.Choose(process, seen, _finder.PassOver) is { } container)
                return new NodeEtcd(process, container, "");
        }
        throw _finder.NotFound();
    }

    /// <summary>A stream ends on the node, where the same address belongs to another process.</summary>
    private EtcdException InOwnNetwork(string container) =>
        new(
            ErrorIds.EtcdInOwnNetwork,
            EtcdErrorCategory.InvalidArgument,
            $"The etcd in container '{container}' on {where} has its own network, so its client URL on the "
                + "node is not known.",
            "Specify the URL at which the node reaches it with -ClientUrl.",
            where
        );

    private async Task<NodeContainer?> FindContainerAsync(EtcdProcess? process, NodeProcesses seen, CallBudget limit)
    {
        bool HoldsEtcd(string container) => seen.Etcd.Any(p => ContainerChoice.IsIn(p, container));
        await foreach (
            IReadOnlyList<NodeContainer> containers in _finder.FindAsync(HoldsEtcd, limit).ConfigureAwait(false)
        )
            if (
                new ContainerChoice(containers, isNamed: false).Choose(process, seen, _finder.PassOver) is { } container
            )
                return container;
        return request.ContainerRuntime is EtcdContainerRuntime.Auto ? null : throw _finder.NotFound();
    }
}
