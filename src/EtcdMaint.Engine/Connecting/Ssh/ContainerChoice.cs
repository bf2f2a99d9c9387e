using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Containers;

namespace EtcdMaint.Engine.Connecting.Ssh;

/// <summary>
/// Brings the etcd processes and the containers of a node together. An application may have an etcd of its own in a
/// container of the same name, in which the node's addresses lead to that etcd.
/// </summary>
/// <param name="containers">Those in which etcd may run.</param>
/// <param name="isNamed">Whether the user named one.</param>
internal sealed class ContainerChoice(IReadOnlyList<NodeContainer> containers, bool isNamed)
{
    /// <summary>The etcd processes that may be meant: where a container was named, those in it.</summary>
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

    /// <summary>The container to run etcdctl in; null where it is to be run on the node itself.</summary>
    /// <param name="etcd">The etcd that is meant; null where that is not known.</param>
    /// <param name="seen">All etcd processes of the node.</param>
    /// <param name="passOver">Told why a container is not taken.</param>
    /// <exception cref="DialException">Several may be meant.</exception>
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

    /// <summary>Whether the process runs in the container; null where nothing shows it.</summary>
    public static bool? Holds(NodeContainer container, EtcdProcess process) =>
        IsIn(process, container.Id) ? true
        : container.ProcessId is { } first ? process.Id == first || process.Ancestors.Contains(first)
        : null;

    /// <summary>Whether the control groups of the process show that it runs in the container of that ID.</summary>
    public static bool IsIn(EtcdProcess process, string container) =>
        container.Length >= ContainerTool.ShortestId
        && process.ControlGroups.Any(g => g.Contains(container, StringComparison.Ordinal));

    private string? WhyNot(NodeContainer container, EtcdProcess? etcd, NodeProcesses seen)
    {
        if (etcd is not null && Holds(container, etcd) is false)
            return $"the etcd that is meant does not run in it: {etcd}";
        EtcdProcess[] inside = [.. seen.Etcd.Where(p => Holds(container, p) is true)];
        return !isNamed && inside.Length > 0 && Array.TrueForAll(inside, p => p.IsElsewhere)
            ? "it has a network of its own, in which the node's addresses lead elsewhere"
            : null;
    }
}
