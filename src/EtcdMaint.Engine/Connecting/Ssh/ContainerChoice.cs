using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Containers;

namespace EtcdMaint.Engine.Connecting.Ssh;

/// <summary>
/// Matches the etcd processes and the containers of a node. An application may have its own etcd in a container of the
/// same name, in which the addresses of the node belong to that etcd.
/// </summary>
/// <param name="containers">The containers in which etcd may run.</param>
/// <param name="isNamed">Whether the user specified one.</param>
internal sealed class ContainerChoice(IReadOnlyList<NodeContainer> containers, bool isNamed)
{
    /// <summary>
    /// Returns the candidate etcd processes: those in the container if one was specified, and otherwise all.
    /// </summary>
    public NodeProcesses Narrow(NodeProcesses seen)
    {
        if (!isNamed)
            return seen;
        foreach (bool? sure in new bool?[] { true, null })
        {
            EtcdProcess[] inside = [.. seen.Etcd.Where(p => containers.Any(c => Holds(c, p) == sure))];
            if (inside.Length > 0)
                return seen with { Etcd = inside };
        }
        return seen with { Etcd = [] };
    }

    /// <summary>Returns the container in which etcdctl runs, or null to run it on the node itself.</summary>
    /// <param name="etcd">The selected etcd process, or null if it is unknown.</param>
    /// <param name="seen">All etcd processes of the node.</param>
    /// <param name="passOver">Receives the reason why a container is not used.</param>
    /// <exception cref="DialException">There are several candidates.</exception>
    public NodeContainer? Choose(EtcdProcess? etcd, NodeProcesses seen, Action<NodeContainer, string> passOver)
    {
        if (etcd is not null && containers.FirstOrDefault(c => Holds(c, etcd) is true) is { } own)
            return own;
        var possible = new List<NodeContainer>();
        foreach (NodeContainer container in containers)
        {
            if (WhyNot(container, etcd, seen) is { } why)
                passOver(container, why);
            else
                possible.Add(container);
        }
        return possible.Count <= 1
            ? possible.FirstOrDefault()
            : throw new DialException(
                CallFailure.SeveralContainers,
                $"{possible[0].Tool.Name} has {string.Join(", ", possible)}"
            );
    }

    /// <summary>Whether the process runs in the container, or null if this is unknown.</summary>
    public static bool? Holds(NodeContainer container, EtcdProcess process) =>
        IsIn(process, container.Id) ? true
        : container.ProcessId is { } first ? process.Id == first || process.Ancestors.Contains(first)
        : null;

    /// <summary>Whether the control groups of the process show that it runs in the container with this ID.</summary>
    public static bool IsIn(EtcdProcess process, string container) =>
        container.Length >= ContainerTool.ShortestId
        && process.ControlGroups.Any(g => g.Contains(container, StringComparison.Ordinal));

    private string? WhyNot(NodeContainer container, EtcdProcess? etcd, NodeProcesses seen)
    {
        if (etcd is not null && Holds(container, etcd) is false)
            return $"the selected etcd does not run in it: {etcd}";
        EtcdProcess[] inside = [.. seen.Etcd.Where(p => Holds(container, p) is true)];
        return !isNamed && inside.Length > 0 && Array.TrueForAll(inside, p => p.IsElsewhere)
            ? "it has a network of its own, in which the addresses of the node belong to other processes"
            : null;
    }
}
