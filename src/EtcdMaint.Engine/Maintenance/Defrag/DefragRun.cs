using System.Globalization;
using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;
using EtcdMaint.Engine.Maintenance.Gates;

namespace EtcdMaint.Engine.Maintenance.Defrag;

/// <summary>
/// The story of a run over one cluster: gate, pending compaction, plan, then one member after the other, each behind the
/// gates again. Whatever happens, every member that was given gets exactly one row.
/// </summary>
internal sealed class DefragRun
{
    private readonly ClusterContext _context;
    private readonly EtcdConnection _connection;
    private readonly DefragRequest _request;
    private readonly IRunObserver _observer;
    private readonly DefragRows _rows;
    private readonly GateKeeper _gate;
    private readonly WorthRule _rule;
    private readonly PauseEstimate _estimate = new();
    private readonly HashSet<ulong> _done = [];
    private readonly Dictionary<ulong, MemberTarget> _waiting = [];
    private bool _hasMovedLeader;

    public DefragRun(ClusterContext context, EtcdConnection connection, DefragRequest request, IRunObserver observer)
    {
        _context = context;
        _connection = connection;
        _request = request;
        _observer = observer;
        _rows = new DefragRows(observer);
        _gate = new GateKeeper(context, request, observer);
        _rule = new WorthRule(request);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        DateTimeOffset startedAt = _context.Time.GetUtcNow();
        string outcome = "not finished";
        TakeTargets();
        try
        {
            outcome = _waiting.Count == 0 ? "nothing was left to do" : await WorkAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            outcome = "ended on request before the next member";
            LeaveRest(outcome);
        }
        catch (EtcdException refused)
        {
            outcome = refused.Message;
            LeaveRest(refused.Message);
            _observer.Fail(refused);
        }
        finally
        {
            Keep(startedAt, outcome);
        }
    }

    /// <summary>Rows for what an earlier step or its nature rules out; the rest waits.</summary>
    private void TakeTargets()
    {
        foreach (MemberTarget target in _request.Targets)
        {
            if (target.Upstream is UpstreamState.Failed)
                _rows.Leave(target.Member, EtcdDefragStatus.NotAttempted, target.Reason);
            else if (target.Member.IsLearner)
                _rows.Leave(target.Member, EtcdDefragStatus.Skipped, "a learner cannot be defragmented while it runs");
            else
                _waiting[target.Member.Id] = target;
        }
    }

    private async Task<string> WorkAsync(CancellationToken stop)
    {
        ClusterState state = await _gate.PassAsync(null, stop).ConfigureAwait(false);
        if (_request.PlanOnly)
            return await PlanAsync(state).ConfigureAwait(false);

        WarnOfSmallCluster(state);
        await new PendingCompaction(_context, _observer).WaitAsync(state.Roster, new CallLimit(_request.CallTimeout, stop)).ConfigureAwait(false);
        state = await _gate.PassAsync(null, stop).ConfigureAwait(false);

        List<ulong> order = Order(state);
        int count = order.Count;
        while (order.Count > 0)
        {
            ulong next = DefragPlan.TakeNext(order, state.Leader);
            if (stop.IsCancellationRequested)
                return LeaveRest("the run was ended on request");
            Progress(next, count - order.Count - 1, count, state);
            if (await WorkOnAsync(next, stop).ConfigureAwait(false) is { } end)
                return LeaveRest(end);
        }
        _observer.Report(new RunProgress(Activity, "done", 1, null, IsOver: true));
        return string.Create(CultureInfo.InvariantCulture, $"{_done.Count} of {_request.Targets.Count} members defragmented");
    }

    /// <summary>Rows for members with nothing to gain; the others in the order of their turn.</summary>
    private List<ulong> Order(ClusterState state)
    {
        var worth = new List<MemberReading>();
        foreach (MemberReading reading in state.Readings.Where(r => _waiting.ContainsKey(r.Id)))
        {
            EtcdMember member = _waiting[reading.Id].Member;
            if (reading.Status is not null && _rule.FindReasonToSkip(StatusOf(reading)) is { } reason)
                Leave(reading.Id, EtcdDefragStatus.Skipped, reason, reading, reading.Id == state.Leader);
            else
                worth.Add(reading);
        }
        foreach (ulong gone in _waiting.Keys.Where(id => state.Find(id) is null).ToArray())
        {
            EtcdException error = EtcdCluster.Gone(_waiting[gone].Member);
            Leave(gone, EtcdDefragStatus.Failed, error.Message);
            _observer.Fail(error);
        }
        return [.. DefragPlan.Order(worth, state.Leader).Select(r => r.Id)];
    }

    /// <summary>One member's turn. The reason why no other may have one afterwards; null when it may.</summary>
    private async Task<string?> WorkOnAsync(ulong id, CancellationToken stop)
    {
        ClusterState state = await _gate.PassAsync(Find(id), stop).ConfigureAwait(false);
        if (state.Find(id) is not { Status: { } status } reading)
            return await FailUnreachableAsync(id, state).ConfigureAwait(false);

        TimeSpan predicted = _estimate.Predict(status.DbSizeInUse);
        if (_request.NotAfter is { } end && _context.Time.GetUtcNow() + predicted > end)
            return $"it would end after {end:u}";
        if (await FindReasonToSkipAsync(reading).ConfigureAwait(false) is { } reason)
        {
            Leave(id, EtcdDefragStatus.Skipped, reason, reading, id == state.Leader);
            return null;
        }
        bool wasLeader = id == state.Leader;
        if (!await ConfirmAsync(reading, predicted, wasLeader).ConfigureAwait(false))
        {
            Leave(id, EtcdDefragStatus.Skipped, "not confirmed", reading, wasLeader);
            return null;
        }
        if (wasLeader && await TryMoveLeaderAsync(state, id, stop).ConfigureAwait(false) is { } trouble)
            return trouble;
        if (_hasMovedLeader && wasLeader)
        {
            state = await _gate.PassAsync(reading.Member, stop).ConfigureAwait(false);
            reading = state.Find(id) ?? reading;
        }
        return await DefragmentAsync(state, reading, predicted, wasLeader, stop).ConfigureAwait(false);
    }

    private async Task<string?> DefragmentAsync(ClusterState state, MemberReading reading, TimeSpan predicted, bool wasLeader, CancellationToken stop)
    {
        StatusReply before = reading.Status!;
        _observer.Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"{reading.Member}: {ByteText.Of(before.DbSize)} with {ByteText.Of(before.DbSizeInUse)} in use; it will stand still for about {predicted.TotalSeconds:0.0} s."));
        DefragOutcome outcome = await new MemberDefrag(_context, _request, _observer).RunAsync(state, reading, stop).ConfigureAwait(false);

        _waiting.Remove(reading.Id, out MemberTarget? target);
        _rows.Done(target!.Member, before, outcome, predicted, wasLeader);
        if (outcome.Status is EtcdDefragStatus.Defragmented)
        {
            _done.Add(reading.Id);
            _estimate.Learn(before.DbSizeInUse, outcome.Duration!.Value);
        }
        if (outcome.EndOfRun is not null)
            return outcome.EndOfRun;
        if (outcome.Error is { } error && !_request.ContinueOnError)
            return $"{reading.Member} failed: {error.Message}";
        return outcome.Impact?.WorstStall > _request.MaximumStall
            ? string.Create(CultureInfo.InvariantCulture, $"the other members stalled for {outcome.Impact!.WorstStall.TotalSeconds:0.0} s, more than allowed")
            : null;
    }

    private async Task<string?> FindReasonToSkipAsync(MemberReading reading)
    {
        EtcdMemberStatus status = StatusOf(reading);
        if (_rule.FindReasonToSkip(status) is { } reason)
            return reason;
        return _request.When is { } when && !await when(status).ConfigureAwait(false) ? "-When said no" : null;
    }

    /// <summary>Moves leadership away where that is wanted; the reason to end the run when it had to and could not.</summary>
    private async Task<string?> TryMoveLeaderAsync(ClusterState state, ulong leader, CancellationToken stop)
    {
        if (!_request.RequireLeaderMove || _hasMovedLeader || state.Voters.Count() < 2)
            return null;
        _hasMovedLeader = await new LeaderHandover(_context, _observer).MoveAsync(state, _done, stop).ConfigureAwait(false) is not null;
        if (_hasMovedLeader)
            return null;
        EtcdException error = new(
            "LeaderMoveFailed",
            EtcdErrorCategory.InvalidResult,
            $"Leadership could not be moved away from {state.Find(leader)!.Member}.",
            "Leave -RequireLeaderMove out to defragment the leader in place.",
            HexId.Format(leader));
        Leave(leader, EtcdDefragStatus.Failed, error.Message, state.Find(leader), wasLeader: true);
        _observer.Fail(error);
        return error.Message;
    }

    private Task<string?> FailUnreachableAsync(ulong id, ClusterState state)
    {
        EtcdException error = state.Find(id)?.Failure ?? EtcdCluster.Gone(_waiting[id].Member);
        Leave(id, EtcdDefragStatus.Failed, error.Message);
        _observer.Fail(error);
        return Task.FromResult<string?>(_request.ContinueOnError ? null : error.Message);
    }

    private async Task<string> PlanAsync(ClusterState state)
    {
        var planned = new List<MemberReading>();
        foreach (MemberReading reading in state.Readings.Where(r => _waiting.ContainsKey(r.Id)))
        {
            // Before a compaction that is only planned too, the sizes say nothing about what it will free.
            bool isUnsure = _waiting[reading.Id].Upstream is UpstreamState.Planned;
            string? reason = reading.Status is null ? reading.Failure!.Message
                : isUnsure ? null
                : await FindReasonToSkipAsync(reading).ConfigureAwait(false);
            if (reason is null)
                planned.Add(reading);
            else
                Leave(reading.Id, EtcdDefragStatus.Skipped, reason, reading, reading.Id == state.Leader);
        }
        foreach (MemberReading reading in DefragPlan.Order(planned, state.Leader))
        {
            bool isLeader = reading.Id == state.Leader;
            TimeSpan predicted = _estimate.Predict(reading.Status!.DbSizeInUse);
            await ConfirmAsync(reading, predicted, isLeader).ConfigureAwait(false);
            _waiting.Remove(reading.Id, out MemberTarget? target);
            string? note = target!.Upstream is UpstreamState.Planned ? "sizes as they are before the planned compaction" : null;
            _rows.Plan(target.Member, reading.Status, predicted, isLeader, note);
        }
        return "planned only";
    }

    private Task<bool> ConfirmAsync(MemberReading reading, TimeSpan predicted, bool isLeader)
    {
        string how = isLeader && _request.RequireLeaderMove ? ", leadership moved away first" : isLeader ? ", the leader, in place" : "";
        return _observer.ConfirmAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Defragment: stands still for about {predicted.TotalSeconds:0.0} s, frees about {ByteText.Of(reading.Status!.FreeBytes)}{how}"),
            $"{reading.Member} of {_connection.ClusterName}");
    }

    private void WarnOfSmallCluster(ClusterState state)
    {
        int voters = state.Voters.Count();
        if (voters <= 2)
            _observer.Warn(voters == 1
                ? $"{_connection.ClusterName} has one voting member: all reads and writes stall while it works."
                : $"{_connection.ClusterName} has two voting members: writes may stall while one of them works.");
    }

    private EtcdMemberStatus StatusOf(MemberReading reading) => new PublicRecords(_connection).Status(_waiting[reading.Id].Member, reading);

    private RosterMember? Find(ulong id) => new(
        new MemberEntry(id, _waiting[id].Member.MemberName, [], [], false), null, null);

    private void Leave(ulong id, EtcdDefragStatus status, string? reason, MemberReading? reading = null, bool? wasLeader = null)
    {
        if (_waiting.Remove(id, out MemberTarget? target))
            _rows.Leave(target.Member, status, reason, reading, wasLeader);
    }

    private string LeaveRest(string reason)
    {
        foreach (ulong id in _waiting.Keys.ToArray())
            Leave(id, EtcdDefragStatus.NotAttempted, reason);
        return reason;
    }

    private string Activity => $"Defragmenting {_connection.ClusterName}";

    private void Progress(ulong id, int done, int count, ClusterState state)
    {
        TimeSpan remaining = TimeSpan.Zero;
        foreach (ulong waiting in _waiting.Keys)
            remaining += _estimate.Predict(state.Find(waiting)?.Status?.DbSizeInUse ?? 0);
        _observer.Report(new RunProgress(Activity, $"{_waiting[id].Member} ({done + 1} of {count})", (double)done / count, remaining));
    }

    private void Keep(DateTimeOffset startedAt, string outcome) => _connection.Keep(new EtcdDefragRun
    {
        ClusterName = _connection.ClusterName,
        ClusterId = _connection.ClusterId ?? "",
        StartedAt = startedAt,
        EndedAt = _context.Time.GetUtcNow(),
        Outcome = $"{_connection.ClusterName}: {outcome.TrimEnd('.')}.",
        Result = _rows.ToArray(),
    });
}
