using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;

namespace EtcdMaint.Engine.Maintenance.Defrag;

/// <summary>
/// Tells whether a member's process was started anew: by the start time in its metrics, and where these cannot be read by
/// the count of whoever starts it, as a kubelet does.
/// </summary>
internal sealed class RestartCheck(ClusterContext context, RosterMember member, MemberMetrics? metrics, ProcessRun? run)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public static async Task<RestartCheck> BeginAsync(ClusterContext context, RosterMember member, MemberMetrics? metrics, CancellationToken stop) =>
        new(context, member, metrics, await context.ReadProcessRunAsync(member, new CallLimit(Limit, stop)).ConfigureAwait(false));

    /// <param name="now">The member's metrics of now; null where they cannot be read.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<bool> IsRestartedAsync(MemberMetrics? now, CancellationToken stop)
    {
        if (metrics?.ProcessStart is { } start && now?.ProcessStart is { } later)
            return later != start;
        return run is not null
            && await context.ReadProcessRunAsync(member, new CallLimit(Limit, stop)).ConfigureAwait(false) is { } current
            && current.IsAnotherThan(run);
    }
}
