using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// Checks whether a downgrade of the cluster is running. From 3.6 on, the status shows it, and the health check finds
/// it. A member with etcd 3.5 must be asked, also if others run 3.4 already or still. etcd 3.4 cannot be downgraded.
/// </summary>
internal static class DowngradeCheck
{
    private static readonly Version MustBeAsked = new(3, 5);

    public static async Task<IReadOnlyList<EtcdFinding>> FindAsync(UpgradeContext context)
    {
        ulong[] asked =
        [
            .. context.Members.Where(m => EtcdVersion.MinorOf(m.Version) == MustBeAsked).Select(m => m.Member.Id),
        ];
        if (asked.Length == 0 || context.IsDone)
            return [];
        if (context.StoredContent?.DowngradeTarget is { } target)
            return [Running($"The snapshot was saved during a downgrade of the cluster to {target}.")];
        try
        {
            return await ClusterContext
                .AskAnyVoterAsync(
                    With(asked, context.State.ClusterMembership),
                    c => c.IsDowngradingAsync(context.LowestMinor, context.Limit)
                )
                .ConfigureAwait(false)
                ? [Running("A downgrade of the cluster is running.")]
                : [];
        }
        catch (EtcdException failed)
        {
            return
            [
                UpgradeFindings.NotChecked(
                    EtcdUpgradeCheck.Downgrade,
                    failed.Message.TrimEnd('.'),
                    "Connect over gRPC with the rights of root."
                ),
            ];
        }
    }

    private static ClusterMembership With(ulong[] members, ClusterMembership membership) =>
        membership with
        {
            Members = [.. membership.Members.Where(m => members.Contains(m.Id))],
        };

    private static EtcdFinding Running(string message) =>
        UpgradeFindings.Blocks(ErrorIds.DowngradeInProgress, message, "Finish or cancel the downgrade first.");
}
