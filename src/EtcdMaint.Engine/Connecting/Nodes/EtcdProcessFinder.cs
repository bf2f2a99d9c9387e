using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>
/// Selects the etcd process of a node: the one that listens at the endpoint, or the only one. It never selects the
/// first of several.
/// </summary>
internal static class EtcdProcessFinder
{
    /// <inheritdoc cref="Choose"/>
    public static async Task<EtcdProcess?> FindAsync(
        ICommandRunner node,
        EtcdEndpoint? wanted,
        string where,
        CallBudget limit
    ) => Choose(await EtcdProcessReader.ReadAsync(node, wanted, limit).ConfigureAwait(false), wanted, where);

    /// <summary>
    /// Returns the process that listens at the endpoint, or the only process, among those in the network of the node.
    /// Returns null if there is none, or if none or several may be at the endpoint.
    /// </summary>
    /// <param name="seen">The processes on the node.</param>
    /// <param name="wanted">The client URL that the user specified, or null.</param>
    /// <param name="where">The name of the node, for messages.</param>
    /// <param name="isNamed">Whether the user specified the container to which the processes were limited.</param>
    /// <exception cref="EtcdException">There are several candidates, or the address on which the process listens cannot
    /// be read.</exception>
    public static EtcdProcess? Choose(NodeProcesses seen, EtcdEndpoint? wanted, string where, bool isNamed = false)
    {
        // An etcd in a network of its own belongs to another application, unless the user specified its container or
        // URL.
        bool mayBeElsewhere = isNamed || wanted is not null;
        EtcdProcess[] all = [.. seen.Etcd];
        if (!mayBeElsewhere || Array.Exists(all, p => !p.IsElsewhere))
            all = [.. all.Where(p => !p.IsElsewhere)];
        if (wanted is not null)
            return FindAt(wanted, [.. all.Where(p => p.Serves(wanted, seen.Network))]);
        EtcdProcess? meant = all.Length > 1 ? throw Several(all, where) : all.FirstOrDefault();
        return meant is { IsConfigUnreadable: true } ? throw ConfigUnreadable(meant, where) : meant;
    }

    /// <summary>Several processes can listen on one port, each at a different address.</summary>
    private static EtcdProcess? FindAt(EtcdEndpoint wanted, EtcdProcess[] all)
    {
        if (all is [var only])
            return only;
        EtcdProcess[] exact = [.. all.Where(p => p.Endpoints.Any(e => e.Port == wanted.Port && e.Host == wanted.Host))];
        return exact is [var one] ? one : null;
    }

    private static EtcdException ConfigUnreadable(EtcdProcess process, string where) =>
        new(
            ErrorIds.EtcdConfigUnreadable,
            EtcdErrorCategory.PermissionDenied,
            $"The etcd on {where} has its settings in {process.ConfigFile}, which cannot be read there.",
            "Log in as a user who can read it (sudo without a password is sufficient), or specify "
                + "the client URL of etcd and the paths of its certificates.",
            where
        );

    private static EtcdException Several(EtcdProcess[] all, string where) =>
        new(
            ErrorIds.SeveralEtcdOnNode,
            EtcdErrorCategory.InvalidArgument,
            $"Several etcd servers run on {where}: {string.Join("; ", all.AsEnumerable())}.",
            "Specify one by its client URL (-ClientUrl, or -Endpoint with -EtcdctlPath) or by its "
                + "container (-Container).",
            where
        );
}
