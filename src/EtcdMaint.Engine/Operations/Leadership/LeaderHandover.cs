using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Leadership;

/// <summary>Moves leadership to the best voter, or to the next best.</summary>
internal sealed class LeaderHandover(ClusterContext context, IRunObserver observer)
{
    /// <summary>
    /// Returns the new leader, which may differ from the requested one if the old leader lost leadership during the
    /// transfer. Otherwise returns null, and why the last candidate did not become the leader.
    /// </summary>
    /// <param name="state">The current state of the cluster.</param>
    /// <param name="candidates">The candidates, tried in this order.</param>
    /// <param name="cancellationToken">Stops between two attempts.</param>
    public async Task<(ResolvedMember? Leader, EtcdException? Why)> MoveAsync(
        ClusterState state,
        IEnumerable<MemberReading> candidates,
        CancellationToken cancellationToken
    )
    {
        if (state.Find(state.Leader ?? 0) is not { Member.Client: { } leader } from)
            return (null, null);
        EtcdException? why = null;
        foreach (MemberReading to in candidates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await leader
                    .MoveLeaderAsync(to.Id, new CallBudget(Limits.Leadership.TransferTime, CancellationToken.None))
                    .ConfigureAwait(false);
            }
            catch (EtcdException failed)
            {
                observer.LogVerbose($"Leadership did not move from {from.Member} to {to.Member}: {failed.Message}");
                why = failed;
                if (failed is MemberCallException { IsOutcomeUnknown: false, Failure: not CallFailure.NotLeader })
                    continue;
            }
            if (
                await FindNewLeaderAsync(to.Member, from.Id).ConfigureAwait(false) is { } newLeader
                && state.Find(newLeader) is { } now
            )
            {
                observer.LogVerbose($"Leadership moved from {from.Member} to {now.Member}.");
                return (now.Member, null);
            }
        }
        return (null, why);
    }

    /// <summary>Returns the voters that could lead as well as the current leader, best first.</summary>
    /// <param name="state">The current state of the cluster.</param>
    /// <param name="preferred">The members that are already defragmented and no longer need a pause.</param>
    public static IEnumerable<MemberReading> Rank(ClusterState state, IReadOnlySet<ulong> preferred)
    {
        string? version = state.Find(state.Leader ?? 0)?.Status?.Version;
        return state
            .Voters.Where(v =>
                v.Status is { } s && v.Id != state.Leader && s.Version == version && s.ApplyLag <= Limits.Gates.ApplyLag
            )
            .OrderByDescending(v => preferred.Contains(v.Id))
            .ThenBy(v => v.Status!.FreeBytes)
            .ThenBy(v => v.Status!.ApplyLag);
    }

    /// <summary>Asks the candidate, because a transfer may have happened even if the call timed out.</summary>
    private async Task<ulong?> FindNewLeaderAsync(ResolvedMember asked, ulong oldLeader)
    {
        var poll = new PollLoop(context.Time, Limits.Leadership.PollInterval);
        do
        {
            MemberReading reading = await context
                .ReadAsync(asked, new CallBudget(Limits.Leadership.TransferTime, CancellationToken.None))
                .ConfigureAwait(false);
            if (reading.Status is not { } status)
                return null;
            if (status.Leader != 0 && status.Leader != oldLeader)
                return status.Leader;
        } while (await poll.NextAsync(Limits.Leadership.TransferTime, CancellationToken.None).ConfigureAwait(false));
        return null;
    }
}
