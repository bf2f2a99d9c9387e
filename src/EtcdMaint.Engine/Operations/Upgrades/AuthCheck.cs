using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.KnownBugs;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// Checks whether authentication is enabled, for the releases that cannot be upgraded member by member with it. etcd
/// 3.4 cannot be asked, so several signs decide.
/// </summary>
internal static class AuthCheck
{
    public static async Task<IReadOnlyList<EtcdFinding>> FindAsync(UpgradeContext context)
    {
        KnownBug? bug = KnownBugCatalog.All.FirstOrDefault(b =>
            b.NeedsAuth && b.BlocksUpgradeTo == context.To.Minor && context.Remaining.Any(m => b.Affects(m.Version))
        );
        return bug is null
            ? []
            : await IsEnabledAsync(context).ConfigureAwait(false) switch
            {
                true => [Enabled(context, bug)],
                false => [],
                null =>
                [
                    UpgradeFindings.NotChecked(
                        EtcdUpgradeCheck.Auth,
                        $"etcd {context.Lowest} does not tell it",
                        $"With authentication, etcd {context.Lowest} {bug.Effect}. Check with etcdctl user list."
                    ) with
                    {
                        Source = bug.Source,
                    },
                ],
            };
    }

    /// <summary>Returns null if no sign decides.</summary>
    private static async Task<bool?> IsEnabledAsync(UpgradeContext context)
    {
        // Users and roles have a revision of their own, which begins with 1.
        if (context.State.Metrics.Values.Any(m => m.AuthRevision is 1))
            return false;
        bool servedWithoutUser =
            context.UserName is null
            && context.State.QuorumFailure is null
            && context.State.CompactRevision is not null
            && !await SendsCertificateAsync(context).ConfigureAwait(false);
        if (servedWithoutUser)
            return false;

        // A file never shows that authentication is still disabled: enabling it raises no revision, not even that of
        // users and roles.
        return context.StoredContent is { IsAuthEnabled: true } ? true : null;
    }

    /// <summary>The common name of a client certificate can be a user.</summary>
    private static async Task<bool> SendsCertificateAsync(UpgradeContext context)
    {
        if (context.Cluster.RunsPrograms)
            return true;
        IMemberClient? client = context
            .State.ClusterMembership.Voters.FirstOrDefault(v => v.Client is not null)
            ?.Client;
        return client is null
            || (await client.ReadCertificatesAsync(context.Limit).ConfigureAwait(false)).Any(c => c.IsOurs);
    }

    private static EtcdFinding Enabled(UpgradeContext context, KnownBug bug) =>
        UpgradeFindings.Blocks(
            ErrorIds.UpgradeAuth,
            $"Authentication is enabled, and etcd {context.Lowest} {bug.Effect}.",
            "Disable authentication during the upgrade, or stop all members and start them with the new release. If "
                + "authentication was disabled since the snapshot, save another one."
        ) with
        {
            Source = bug.Source,
        };
}
