using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Detects whether the process of a member has restarted: by the start time in its metrics, or, if these cannot be
/// read, by the count of its supervisor, for example the kubelet.
/// </summary>
internal sealed class RestartCheck(
    ClusterContext context,
    ResolvedMember member,
    MemberMetrics? metrics,
    ProcessRun? run
)
{
    public static async Task<RestartCheck> BeginAsync(
        ClusterContext context,
        ResolvedMember member,
        MemberMetrics? metrics,
        CancellationToken cancellationToken
    ) =>
        new(
            context,
            member,
            metrics,
            await context
                .ReadProcessRunAsync(member, new CallBudget(Limits.Defrag.RestartCheckTime, cancellationToken))
                .ConfigureAwait(false)
        );

    /// <param name="now">The current metrics of the member, or null if they cannot be read.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    public async Task<bool> IsRestartedAsync(MemberMetrics? now, CancellationToken cancellationToken)
    {
        if (metrics?.ProcessStart is { } start && now?.ProcessStart is { } later)
            return later != start;
        return run is not null
            && await context
                .ReadProcessRunAsync(member, new CallBudget(Limits.Defrag.RestartCheckTime, cancellationToken))
                .ConfigureAwait(false)
                is { } current
            && current.IsAnotherThan(run);
    }
}
