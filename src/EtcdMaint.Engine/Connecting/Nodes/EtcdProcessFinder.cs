using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>
/// Chooses the etcd process of a node that is meant: by what it listens on, or because it is the only one. It never
/// takes the first one found.
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
    /// The one that is meant: of those in the node's own network, the one that listens at the endpoint, or the only
    /// one. Null where none is seen, or where none or several may be at the endpoint.
    /// </summary>
    /// <param name="seen">What was seen on the node.</param>
    /// <param name="wanted">The client URL that the user specified; null for none.</param>
    /// <param name="where">The name of the node, for people.</param>
    /// <param name="isNamed">Whether the user named the container, to which the processes were narrowed.</param>
    /// <exception cref="EtcdException">There are several, and it is not clear which one is meant; or where it listens
    /// cannot be read.</exception>
    public static EtcdProcess? Choose(NodeProcesses seen, EtcdEndpoint? wanted, string where, bool isNamed = false)
    {
        // An etcd in a network of its own is another application's, unless the user names it by its container or URL.
        bool mayBeElsewhere = isNamed || wanted is not null;
        EtcdProcess[] all = [.. seen.Etcd];
        if (!mayBeElsewhere || Array.Exists(all, p => !p.IsElsewhere))
            all = [.. all.Where(p => !p.IsElsewhere)];
        if (wanted is not null)
            return FindAt(wanted, [.. all.Where(p => p.Serves(wanted, seen.Network))]);
        EtcdProcess? meant = all.Length > 1 ? throw Several(all, where) : all.FirstOrDefault();
        return meant is { IsConfigUnreadable: true } ? throw ConfigUnreadable(meant, where) : meant;
    }

    /// <summary>Several can listen on one port, each at an address of its own.</summary>
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
            "Log in as a user who may read it (sudo without a password will do), or say where etcd listens "
                + "and its certificates lie.",
            where
        );

    private static EtcdException Several(EtcdProcess[] all, string where) =>
        new(
            ErrorIds.SeveralEtcdOnNode,
            EtcdErrorCategory.InvalidArgument,
            $"Several etcd servers run on {where}: {string.Join("; ", all.AsEnumerable())}.",
            "Specify the one that is meant by its client URL (-ClientUrl, or -Endpoint with -EtcdctlPath) "
                + "or its container (-Container).",
            where
        );
}
