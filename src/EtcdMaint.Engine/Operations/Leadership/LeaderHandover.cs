using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Leadership;

/// <summary>Hands leadership to the best voter, or the next best.</summary>
internal sealed class LeaderHandover(ClusterContext context, IRunObserver observer)
{
    /// <summary>
    /// The new leader, which may be another than was asked when the old one lost the lead in mid-transfer; else null,
    /// and why the last one that was tried did not take over.
    /// </summary>
    /// <param name="state">The cluster as read just now.</param>
    /// <param name="candidates">Who may take over, tried in this order.</param>
    /// <param name="cancellationToken">Ends it between two tries.</param>
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
                observer.LogVerbose($"Leadership did not go from {from.Member} to {to.Member}: {failed.Message}");
                why = failed;
                if (failed is MemberCallException { IsOutcomeUnknown: false, Failure: not CallFailure.NotLeader })
                    continue;
            }
            if (
                await FindNewLeaderAsync(to.Member, from.Id).ConfigureAwait(false) is { } newLeader
                && state.Find(newLeader) is { } now
            )
            {
                observer.LogVerbose($"Leadership went from {from.Member} to {now.Member}.");
                return (now.Member, null);
            }
        }
        return (null, why);
    }

    /// <summary>Voters that could lead as well as the one that does, best first.</summary>
    /// <param name="state">The cluster as read just now.</param>
    /// <param name="preferred">Members that are defragmented already and need no pause any more.</param>
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

    /// <summary>
    /// Asks the one that was to lead, for a transfer that timed out for its caller may yet have happened.
    /// </summary>
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
