using System.Globalization;
using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;
using EtcdMaint.Engine.Maintenance.Gates;
using EtcdMaint.Engine.Maintenance.Leadership;
using EtcdMaint.Engine.Maintenance.Locks;

namespace EtcdMaint.Engine.Maintenance.Defrag;

/// <summary>
/// One member's turn: pass the gates, ask the rules on fresh figures, say what comes, move the lead away where that is
/// asked for, then defragment. A final check that finds an obstacle sends the turn back to the gates.
/// </summary>
/// <param name="session">What the run shares.</param>
/// <param name="runLock">The run's lock.</param>
/// <param name="first">What the gates have seen just now, for the member whose turn comes first.</param>
internal sealed class DefragTurn(DefragSession session, RunLock runLock, ClusterState? first)
{
    /// <summary>What was seen longer ago than this, because a person or a rule took its time, is looked at again.</summary>
    private static readonly TimeSpan LookLasts = TimeSpan.FromSeconds(5);

    /// <summary>Each check comes after open gates, so a cluster that fails this many in a row is too busy for a defragmentation.</summary>
    private const int MaximumFinalChecks = 10;

    /// <summary>
    /// A leader that stands still holds up the renewal of every lease, through whichever member it is asked for; handing
    /// over holds it up for some tenths of a second and may cost a few writes a second try. Measured on 3.5.30 with 400 MB
    /// live: no clear difference for writes, so from here on, where short leases would be lost, the lead is moved.
    /// </summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(5);

    private readonly MemberDefrag _defrag = new(session.Context, session.Request, session.Observer);

    private bool _hasMovedLeader;

    private DefragRequest Request => session.Request;

    private IRunObserver Observer => session.Observer;

    /// <summary>The leader as the last gate saw it.</summary>
    public ulong? Leader { get; private set; }

    /// <summary>
    /// Why no other member may have a turn afterwards; null when one may. A member that has come to lead since it was
    /// chosen is left waiting: others come first.
    /// </summary>
    public async Task<string?> TakeAsync(ulong id, CancellationToken stop)
    {
        ClusterState state = TakeFirst(id) ?? await PassGateAsync(id, stop).ConfigureAwait(false);
        if (state.Find(id) is not { Status: { } status } reading)
            return FailUnreachable(id, state);
        if (MustLetOthersGoFirst(id))
            return null;

        Moment looked = Moment.Now(session.Context.Time);
        TimeSpan predicted = session.Estimate.Predict(status.DbSizeInUse);
        if (FindTooLate(predicted) is { } tooLate)
            return EndForTime(tooLate);
        bool isLeader = id == state.Leader;
        if (await session.FindReasonToSkipAsync(reading).ConfigureAwait(false) is { } reason)
            return Leave(reading, EtcdDefragStatus.Skipped, reason, isLeader);
        if (await new MemberGate(Request).FindClosedAsync(reading, predicted, stop).ConfigureAwait(false) is { } closed)
            return Fail(reading, closed.ToException(), isLeader);
        if (!await ConfirmAsync(session, reading, predicted, isLeader).ConfigureAwait(false))
            return Leave(reading, EtcdDefragStatus.Skipped, "not confirmed", isLeader);
        bool isMoved = isLeader && !_hasMovedLeader && WantsMove(Request, predicted);
        if (isMoved)
        {
            IEnumerable<MemberReading> candidates = LeaderHandover.Rank(state, session.Book.Done);
            (RosterMember? newLeader, EtcdException? why) = await new LeaderHandover(session.Context, Observer).MoveAsync(state, candidates, stop).ConfigureAwait(false);
            _hasMovedLeader = newLeader is not null;
            if (!_hasMovedLeader && Request.RequireLeaderMove)
                return FailToMove(reading, why);
            if (!_hasMovedLeader)
                Observer.Warn($"Leadership could not be moved away from {reading.Member}, so it is defragmented in place{(why is null ? "" : $": {why.Message.TrimEnd('.')}")}.");
        }
        bool mustLook = isMoved || looked.Age > LookLasts;
        for (int check = 1; ; check++)
        {
            if (mustLook)
            {
                state = await PassGateAsync(id, stop).ConfigureAwait(false);
                if (state.Find(id) is not { Status: not null } again)
                    return FailUnreachable(id, state);

                // Whoever has come to lead meanwhile begins anew: what was said and asked was about a follower.
                if (MustLetOthersGoFirst(id) || (id == Leader && !isLeader))
                    return null;
                if (id == Leader && isMoved && _hasMovedLeader && Request.RequireLeaderMove)
                    return FailToMove(again, null);
                reading = again;

                // Another tool may have defragmented this very member while the gates were closed.
                predicted = session.Estimate.Predict(again.Status.DbSizeInUse);
                if (session.FindReasonInSizes(again) is { } noReason)
                    return Leave(again, EtcdDefragStatus.Skipped, noReason, isLeader);
                if (await new MemberGate(Request).FindClosedAsync(again, predicted, stop).ConfigureAwait(false) is { } closedNow)
                    return Fail(again, closedNow.ToException(), isLeader);
            }
            if (SharedEndpointGate.Check(session.Context, state.Roster, reading.Member) is { } shared)
                return Fail(reading, shared.ToException(), isLeader);
            if (FindTooLate(predicted) is { } tooLateNow)
                return EndForTime(tooLateNow);
            (DefragOutcome? outcome, EtcdException? obstacle) = await _defrag.RunAsync(state, reading, Request.NotAfter - predicted, runLock, stop).ConfigureAwait(false);
            if (outcome is not null)
                return Finish(reading, outcome, predicted, isLeader);
            if (check == MaximumFinalChecks || MemberReading.IsBarredBy(obstacle))
                return Fail(reading, obstacle!, isLeader);
            Observer.Tell($"{reading.Member}: {obstacle!.Message} The run returns to the gates.");
            mustLook = true;
        }
    }

    private static bool WantsMove(DefragRequest request, TimeSpan predicted) =>
        !request.KeepLeader && (request.RequireLeaderMove || predicted >= LongPause);

    private bool MustLetOthersGoFirst(ulong id) => id == Leader && session.Book.Waiting.Count > 1;

    private string? FindTooLate(TimeSpan predicted) => session.FindTooLate(session.Context.Time.GetUtcNow() + predicted);

    /// <summary>What is left for lack of time is no error, so a warning has to tell whoever reads the log of a job.</summary>
    private string EndForTime(string tooLate)
    {
        Observer.Warn($"TimeLimitReached: {session.Book.Waiting.Count} of {Request.Targets.Count} members of {session.Connection.ClusterName} were not started, by -NotAfter: {tooLate}.");
        return tooLate;
    }

    public static Task<bool> ConfirmAsync(DefragSession session, MemberReading reading, TimeSpan predicted, bool isLeader)
    {
        string how = !isLeader ? "" : WantsMove(session.Request, predicted) ? ", leadership moved away first" : ", the leader, in place";
        string what = session.Book.IsBeforeCompaction(reading.Id)
            ? "Defragment after the compaction, before which it cannot be known what this frees"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Defragment: stands still for about {predicted.TotalSeconds:0.0} s, frees about {ByteText.Of(reading.Status!.FreeBytes)}");
        return session.Observer.ConfirmAsync(
            what + how,
            $"{reading.Member} of {session.Connection.ClusterName}");
    }

    /// <summary>What is some milliseconds old is as good as new, where the gates are open for this member in particular.</summary>
    private ClusterState? TakeFirst(ulong id)
    {
        ClusterState? state = first;
        first = null;
        if (state is null || ClusterGate.FindClosed(state, id, Request.Override) is not null)
            return null;
        Leader = state.Leader;
        return state;
    }

    private async Task<ClusterState> PassGateAsync(ulong id, CancellationToken stop)
    {
        ClusterState state = await session.Gate.PassAsync(id, stop).ConfigureAwait(false);
        Leader = state.Leader;
        return state;
    }

    private string? Finish(MemberReading reading, DefragOutcome outcome, TimeSpan predicted, bool wasLeader)
    {
        if (outcome.Status is EtcdDefragStatus.Defragmented)
            session.Estimate.Learn(reading.Status!.DbSizeInUse, outcome.Duration!.Value);

        if (outcome.IsAbandoned)
            runLock.AbandonCall();
        if (outcome.LeavesLock)
            runLock.LeaveToExpire();
        if (outcome.Status is not EtcdDefragStatus.TimedOut)
            runLock.MarkBusy(0);
        session.Book.Finish(reading, outcome, predicted, wasLeader);
        return FindEnd(reading, outcome);
    }

    private string? FindEnd(MemberReading reading, DefragOutcome outcome)
    {
        if (outcome.EndOfRun is not null)
            return outcome.EndOfRun;
        if (outcome.Error is { } error && !Request.ContinueOnError)
            return $"{reading.Member} failed: {error.Message}";
        return outcome.Impact?.WorstStall > Request.MaximumStall
            ? string.Create(CultureInfo.InvariantCulture, $"the other members stalled for {outcome.Impact!.WorstStall.TotalSeconds:0.0} s, more than allowed")
            : null;
    }

    private string? Leave(MemberReading reading, EtcdDefragStatus status, string reason, bool isLeader)
    {
        session.Book.Leave(reading.Id, status, reason, reading, isLeader);
        return null;
    }

    private string? FailUnreachable(ulong id, ClusterState state)
    {
        EtcdException error = state.Find(id)?.Failure ?? EtcdCluster.Gone(session.Book[id].Member);
        session.Book.Fail(id, error);
        return Request.ContinueOnError ? null : error.Message;
    }

    private string? Fail(MemberReading reading, EtcdException error, bool isLeader)
    {
        session.Book.Fail(reading.Id, error, reading, isLeader);
        return Request.ContinueOnError ? null : error.Message;
    }

    private string FailToMove(MemberReading leader, EtcdException? why)
    {
        EtcdException error = new(
            "LeaderMoveFailed",
            EtcdErrorCategory.InvalidResult,
            $"Leadership could not be moved away from {leader.Member}.",
            "Leave -RequireLeaderMove out to defragment the leader in place.",
            HexId.Format(leader.Id),
            why);
        session.Book.Fail(leader.Id, error, leader, isLeader: true);
        return error.Message;
    }
}
