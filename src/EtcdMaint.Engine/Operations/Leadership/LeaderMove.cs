using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Leadership;

/// <summary>Moves leadership on request, to the best voter or to the specified one.</summary>
internal sealed class LeaderMove(ClusterContext context, EtcdConnection connection, IRunObserver observer)
{
    private static readonly HashSet<ulong> Nobody = [];

    public async Task<EtcdMemberStatus?> RunAsync(EtcdMember? to, CallBudget limit)
    {
        ClusterState state = await ClusterState.ReadAsync(context, limit).ConfigureAwait(false);
        Refuse(state, to);
        if (to is not null && to.Id == state.Leader)
        {
            observer.LogVerbose($"{to} is already the leader.");
            return StatusOf(state, state.Find(to.Id)!, to.IsPlanned);
        }

        IReadOnlyList<MemberReading> candidates = Candidates(state, to);
        if (
            !await observer
                .ConfirmAsync($"Move leadership to {candidates[0].Member}", connection.ClusterName)
                .ConfigureAwait(false)
        )
            return null;
        (ResolvedMember? leader, EtcdException? why) = await new LeaderHandover(context, observer)
            .MoveAsync(state, candidates, limit.Stop)
            .ConfigureAwait(false);
        return leader is null || (to is not null && leader.Id != to.Id)
            ? throw Failed(candidates, why)
            : StatusOf(state, await context.ReadAsync(leader, limit).ConfigureAwait(false));
    }

    private EtcdException Failed(IReadOnlyList<MemberReading> candidates, EtcdException? why)
    {
        if (why is MemberCallException { Failure: CallFailure.PermissionDenied or CallFailure.LoginRequired })
            return why;
        string whom = string.Join(" or ", candidates.Select(c => c.Member));
        return new EtcdException(
            ErrorIds.LeaderMoveFailed,
            EtcdErrorCategory.InvalidResult,
            $"Leadership of {connection.ClusterName} could not be moved to "
                + $"{whom}{(why is null ? "" : $": {why.Message.TrimEnd('.')}")}.",
            "Find the current leader with Get-EtcdMemberStatus.",
            connection.ClusterName,
            why
        );
    }

    private IReadOnlyList<MemberReading> Candidates(ClusterState state, EtcdMember? to)
    {
        MemberReading[] ranked = [.. LeaderHandover.Rank(state, Nobody)];
        if (to is null && ranked.Length > 0)
            return ranked;
        MemberReading? named = to is null ? null : state.Find(to.Id);
        if (named is { Status: not null } && !named.Member.Entry.IsLearner)
            return [named];
        throw new EtcdException(
            ErrorIds.NoVoterToLead,
            EtcdErrorCategory.InvalidOperation,
            to is null
                ? $"No other voter of {connection.ClusterName} can become the leader."
                : $"{to} cannot become the leader, because it is not a voter or does not answer.",
            "Choose a voter that is running and not behind.",
            to?.MemberId ?? connection.ClusterName
        );
    }

    /// <summary>A move is safe only if the cluster has a quorum and agrees on its leader.</summary>
    private static void Refuse(ClusterState state, EtcdMember? to)
    {
        if (to is not null && state.ClusterMembership.Find(to.Id) is null)
            throw MembershipErrors.Departed(to);
        GateRefusal? closed = ClusterGates
            .FindAll(state)
            .FirstOrDefault(c =>
                c.Gate is GateId.DefragInFlight or GateId.NoQuorum or GateId.NoLeader or GateId.LeaderDisagreement
            );
        if (closed is not null)
            throw state.LoginFailure ?? closed.ToException();
    }

    private EtcdMemberStatus StatusOf(ClusterState state, MemberReading reading, bool isPlanned = false)
    {
        var records = new RecordMapper(connection, isPlanned);
        return RecordMapper.Status(records.Member(state.ClusterMembership, reading.Member), reading);
    }
}
