using System.Globalization;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Leadership;
using EtcdMaint.Engine.Operations.Leases;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Engine.Safety.Locks;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// The turn of one member: pass the gates, evaluate the rules with current figures, confirm, move leadership if this is
/// required, then defragment. If the final check finds a reason to wait, the turn returns to the gates.
/// </summary>
/// <param name="session">The state that the parts of the run share.</param>
/// <param name="runLock">The lock of the run.</param>
/// <param name="first">The state that the gates have just read, for the first member.</param>
internal sealed class MemberTurn(DefragContext session, RunLock runLock, ClusterState? first)
{
    private readonly MemberDefragOperation _defrag = new(session.Context, session.Request, session.Observer);

    private bool _hasMovedLeader;

    private DefragRequest Request => session.Request;

    private IRunObserver Observer => session.Observer;

    /// <summary>The leader according to the last gate.</summary>
    public ulong? Leader { get; private set; }

    /// <summary>
    /// Takes the turn. The member has its row afterwards, unless the result is <see cref="TurnResult.Requeue"/>.
    /// </summary>
    public async Task<TurnResult> TakeAsync(ulong id, CancellationToken cancellationToken)
    {
        ClusterState state = TakeFirst(id) ?? await PassGateAsync(id, cancellationToken).ConfigureAwait(false);
        if (state.Find(id) is not { Status: not null } reading)
            return FailUnreachable(id, state);
        if (MustLetOthersGoFirst(id))
            return TurnResult.Requeue;

        // An earlier step of the runbook may have lost them.
        if (session.Leases.FindExceeded() is { } exceeded)
            return TurnResult.EndRun(exceeded.Reason, exceeded.Brief);

        Moment readAt = Moment.Now(session.Context.Time);
        Candidate candidate = Candidate.Of(state, reading, session.Estimate);
        if (FindTooLate(candidate.Prediction.Duration) is { } tooLate)
            return EndForTime(tooLate);
        if (await session.FindReasonToSkipAsync(reading).ConfigureAwait(false) is { } reason)
            return Skip(candidate, reason);
        if (await FindClosedAsync(candidate, cancellationToken).ConfigureAwait(false) is { } closed)
            return EndWithFailure(candidate, closed);
        if (!await ConfirmAsync(reading, candidate.Predicted, candidate.IsLeader).ConfigureAwait(false))
            return Skip(candidate, "not confirmed");
        await session
            .Leases.BeginAsync(candidate.State, candidate.Reading.Member, cancellationToken)
            .ConfigureAwait(false);
        bool wantsMove = candidate.IsLeader && !_hasMovedLeader && LeaderMovePolicy.Wants(Request, candidate.Predicted);
        if (wantsMove && await MoveLeaderAsync(candidate, cancellationToken).ConfigureAwait(false) is { } notMoved)
            return notMoved;
        return await DefragmentAsync(
                candidate,
                mustRead: wantsMove || readAt.Age > Limits.Defrag.MaximumStateAge,
                mustFollow: wantsMove && _hasMovedLeader,
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Defragments the confirmed member. If the final check finds a reason to wait, the gates are checked again.
    /// </summary>
    /// <param name="confirmed">The member as the user has confirmed it.</param>
    /// <param name="mustRead">Whether the gates must read the cluster again before the first check.</param>
    /// <param name="mustFollow">Whether this turn has moved leadership away from the member.</param>
    /// <param name="cancellationToken">Cancels the turn before the call is sent.</param>
    private async Task<TurnResult> DefragmentAsync(
        Candidate confirmed,
        bool mustRead,
        bool mustFollow,
        CancellationToken cancellationToken
    )
    {
        Candidate candidate = confirmed;
        for (int check = 1; ; check++)
        {
            if (mustRead)
            {
                ClusterState state = await PassGateAsync(confirmed.Id, cancellationToken).ConfigureAwait(false);
                if (state.Find(confirmed.Id) is not { Status: not null } again)
                    return FailUnreachable(confirmed.Id, state);

                // The user has confirmed the defragmentation of a follower. A new leader is confirmed again in its next
                // turn.
                if (MustLetOthersGoFirst(confirmed.Id) || (confirmed.Id == Leader && !confirmed.IsLeader))
                    return TurnResult.Requeue;
                candidate = Candidate.Of(state, again, session.Estimate) with { IsLeader = confirmed.IsLeader };
                if (mustFollow && confirmed.Id == Leader && Request.RequireLeaderMove)
                    return FailToMove(candidate, null);

                // Another tool may have defragmented this member while the gates were closed.
                if (session.FindReasonInSizes(again) is { } reason)
                    return Skip(candidate, reason);
                if (await FindClosedAsync(candidate, cancellationToken).ConfigureAwait(false) is { } closed)
                    return EndWithFailure(candidate, closed);
            }
            if (
                SharedEndpointGate.Check(
                    session.Context,
                    candidate.State.ClusterMembership,
                    candidate.Reading.Member
                ) is
                { } shared
            )
                return EndWithFailure(candidate, shared.ToException());
            if (FindTooLate(candidate.Prediction.Duration) is { } tooLate)
                return EndForTime(tooLate);
            (DefragOutcome? outcome, EtcdException? obstacle) = await _defrag
                .RunAsync(
                    candidate.State,
                    candidate.Reading,
                    candidate.Prediction.Duration,
                    Request.NotAfter - candidate.Prediction.Duration,
                    runLock,
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (outcome is not null)
                return await FinishAsync(candidate, outcome, cancellationToken).ConfigureAwait(false);
            if (check == Limits.Defrag.MaximumFinalChecks || MemberReading.IsAccessDeniedBy(obstacle))
                return EndWithFailure(candidate, obstacle!);
            Observer.LogVerbose($"{candidate.Reading.Member}: {obstacle!.Message} The run returns to the gates.");
            mustRead = true;
        }
    }

    /// <summary>
    /// Moves leadership away from the member. Returns null if the turn continues, even if leadership was not moved.
    /// </summary>
    private async Task<TurnResult?> MoveLeaderAsync(Candidate leader, CancellationToken cancellationToken)
    {
        IEnumerable<MemberReading> ranked = LeaderHandover.Rank(leader.State, session.Results.Done);
        (ResolvedMember? newLeader, EtcdException? why) = await new LeaderHandover(session.Context, Observer)
            .MoveAsync(leader.State, ranked, cancellationToken)
            .ConfigureAwait(false);
        _hasMovedLeader = newLeader is not null;
        if (_hasMovedLeader)
            return null;
        if (Request.RequireLeaderMove)
            return FailToMove(leader, why);
        string cause = why is null ? "" : $": {why.Message.TrimEnd('.')}";
        Observer.Warn(
            $"Leadership could not be moved away from {leader.Reading.Member}, so it is defragmented in place{cause}."
        );
        return null;
    }

    private async Task<EtcdException?> FindClosedAsync(Candidate candidate, CancellationToken cancellationToken) =>
        (
            await new MemberGate(Request)
                .FindClosedAsync(
                    candidate.Reading,
                    candidate.Predicted,
                    candidate.Prediction.IsNonBlocking,
                    cancellationToken
                )
                .ConfigureAwait(false)
        )?.ToException();

    private bool MustLetOthersGoFirst(ulong id) => id == Leader && session.Results.Waiting.Count > 1;

    private string? FindTooLate(TimeSpan predicted) =>
        session.FindTooLate(session.Context.Time.GetUtcNow() + predicted);

    /// <summary>
    /// Members that are not started because of the time limit are not an error, so a warning reports them in the log of
    /// a job.
    /// </summary>
    private TurnResult EndForTime(string tooLate)
    {
        Observer.Warn(
            $"TimeLimitReached: {session.Results.Waiting.Count} of {Request.Targets.Count} members of "
                + $"{session.Connection.ClusterName} were not started because of -NotAfter: {tooLate}."
        );
        return TurnResult.EndRun(tooLate);
    }

    private Task<bool> ConfirmAsync(MemberReading reading, TimeSpan predicted, bool isLeader)
    {
        string how =
            !isLeader ? ""
            : LeaderMovePolicy.Wants(Request, predicted) ? ", leadership is moved first"
            : ", the leader, in place";
        string what = string.Create(
            CultureInfo.InvariantCulture,
            $"Defragment: unavailable for about {predicted.TotalSeconds:0.0} s, reclaims about "
                + $"{ByteText.Of(reading.Status!.FreeBytes)}"
        );
        return Observer.ConfirmAsync(what + how, $"{reading.Member} of {session.Connection.ClusterName}");
    }

    /// <summary>
    /// Returns the first state if the gates are open for this member, because it is only some milliseconds old.
    /// </summary>
    private ClusterState? TakeFirst(ulong id)
    {
        ClusterState? state = first;
        first = null;
        if (state is null || ClusterGates.FindClosed(state, id, Request.Override) is not null)
            return null;
        Leader = state.Leader;
        return state;
    }

    private async Task<ClusterState> PassGateAsync(ulong id, CancellationToken cancellationToken)
    {
        ClusterState state = await session.Gate.PassAsync(id, cancellationToken).ConfigureAwait(false);
        Leader = state.Leader;
        return state;
    }

    private async Task<TurnResult> FinishAsync(
        Candidate candidate,
        DefragOutcome outcome,
        CancellationToken cancellationToken
    )
    {
        MemberReading reading = candidate.Reading;
        if (outcome.Status is EtcdDefragStatus.Defragmented && !candidate.Prediction.IsNonBlocking)
            session.Estimate.Learn(reading.Status!.DbSizeInUse, outcome.MemberDuration ?? outcome.Duration!.Value);
        if (outcome.IsAbandoned)
            runLock.AbandonCall();
        if (outcome.LeavesLock)
            runLock.LeaveToExpire();
        if (outcome.Status is not EtcdDefragStatus.TimedOut)
            runLock.MarkBusy(0);
        session.Results.Finish(reading, outcome, candidate.Predicted, candidate.IsLeader);
        TimeSpan? pause = outcome.Status is EtcdDefragStatus.TimedOut ? null : outcome.Duration;
        await session
            .Leases.CompareAsync(candidate.State, reading.Member, pause, cancellationToken)
            .ConfigureAwait(false);
        if (FindEnd(reading, outcome) is { } end)
            return TurnResult.EndRun(end, outcome.Error is null ? null : $"{reading.Member} failed");
        return session.Leases.FindExceeded() is { } exceeded
            ? TurnResult.EndRun(exceeded.Reason, exceeded.Brief)
            : TurnResult.Done;
    }

    /// <summary>Returns why no other member may start after this one, or null if one may.</summary>
    private string? FindEnd(MemberReading reading, DefragOutcome outcome)
    {
        if (outcome.EndOfRun is not null)
            return outcome.EndOfRun;
        if (outcome.Error is { } error && !Request.ContinueOnError)
            return $"{reading.Member} failed: {error.Message}";
        return outcome.Impact?.WorstStall > Request.MaximumStall
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the other members stalled for {outcome.Impact!.WorstStall.TotalSeconds:0.0} s, which is "
                    + $"more than allowed"
            )
            : null;
    }

    private TurnResult Skip(Candidate candidate, string reason)
    {
        session.Results.Leave(candidate.Id, EtcdDefragStatus.Skipped, reason, candidate.Reading, candidate.IsLeader);
        return TurnResult.Done;
    }

    private TurnResult FailUnreachable(ulong id, ClusterState state)
    {
        EtcdException error = state.Find(id)?.Failure ?? MembershipErrors.Departed(session.Results[id].Member);
        session.Results.AddFailure(id, error);
        return After(error, null);
    }

    private TurnResult EndWithFailure(Candidate candidate, EtcdException error)
    {
        session.Results.AddFailure(candidate.Id, error, candidate.Reading, candidate.IsLeader);
        return After(error, candidate.Reading.Member.ToString());
    }

    private TurnResult FailToMove(Candidate leader, EtcdException? why)
    {
        EtcdException error = new(
            ErrorIds.LeaderMoveFailed,
            EtcdErrorCategory.InvalidResult,
            $"Leadership could not be moved away from {leader.Reading.Member}.",
            "Omit -RequireLeaderMove to defragment the leader in place.",
            HexId.Format(leader.Id),
            why
        );
        session.Results.AddFailure(leader.Id, error, leader.Reading, isLeader: true);
        return TurnResult.EndRun(error.Message, error.Brief);
    }

    private TurnResult After(EtcdException error, string? member) =>
        Request.ContinueOnError
            ? TurnResult.Done
            : TurnResult.EndRun(
                error.Message,
                error.Subject is null && member is not null ? $"{error.ErrorId}: {member}" : error.Brief
            );

    /// <summary>A member to defragment, as the gates have read it.</summary>
    /// <param name="State">The state that the gates have read.</param>
    /// <param name="Reading">The reading of the member.</param>
    /// <param name="Prediction">What is predicted for its defragmentation.</param>
    /// <param name="IsLeader">Whether it was the leader at the start of its turn.</param>
    private sealed record Candidate(
        ClusterState State,
        MemberReading Reading,
        DefragPrediction Prediction,
        bool IsLeader
    )
    {
        public ulong Id => Reading.Id;

        /// <summary>The predicted pause.</summary>
        public TimeSpan Predicted => Prediction.Pause;

        public static Candidate Of(ClusterState state, MemberReading reading, DefragDurationEstimator estimate) =>
            new(
                state,
                reading,
                estimate.Predict(reading.Status!.DbSizeInUse, state.IsNonBlocking(reading.Id)),
                reading.Id == state.Leader
            );
    }
}
