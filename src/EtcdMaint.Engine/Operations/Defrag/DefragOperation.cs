using System.Globalization;
using System.Runtime.CompilerServices;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Engine.Safety.Locks;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Runs the defragmentation of one cluster: locks, gates, pending compaction, plan, then one member after the other. In
/// every case, each specified member gets exactly one row, and every lock is released or left to expire.
/// </summary>
internal sealed class DefragOperation(
    ClusterContext context,
    EtcdConnection connection,
    DefragRequest request,
    IRunObserver observer
)
{
    private readonly DefragContext _session = new(context, connection, request, observer);

    private DefragResultCollector Results => _session.Results;

    private string Activity => $"Defragmenting {connection.ClusterName}";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = context.Time.GetUtcNow();
        bool isPlan = request.PlanOnly || Results.Waiting.Count == 0;
        string outcome = "the run ended unexpectedly";
        try
        {
            outcome =
                Results.Waiting.Count == 0 ? "no member was left to defragment"
                : request.PlanOnly ? await ForecastAsync(cancellationToken).ConfigureAwait(false)
                : await WorkAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = LeaveRest("the run was ended on request");
        }
        catch (EtcdException refused)
        {
            outcome = LeaveRest(refused.Message, refused.Brief);
            observer.ReportError(refused);
        }
        finally
        {
            Results.LeaveRest(outcome);
            if (_session.Leases.Observed is { } leases)
                observer.RecordLeases(leases);
            if (!isPlan)
                Keep(startedAt, outcome);
        }
    }

    private async Task<string> ForecastAsync(CancellationToken cancellationToken)
    {
        ClusterState state = await _session.Gate.PassAsync(null, cancellationToken).ConfigureAwait(false);
        await WarnOfDataInUseAsync(state, cancellationToken).ConfigureAwait(false);
        await new DefragPlanner(_session).ShowAsync(state, cancellationToken).ConfigureAwait(false);
        LeaveGone();
        return "planned only";
    }

    private async Task<string> WorkAsync(CancellationToken cancellationToken)
    {
        string clusterId = request.Targets[0].Member.ClusterId;
        var options = new LockOptions { SkipCluster = request.NoClusterLock, Require = request.RequireLock };
        RunLock runLock = RunLock.OnMachine(context, clusterId, connection.ClusterName, options, observer);
        await using ConfiguredAsyncDisposable _ = runLock.ConfigureAwait(false);

        // The gates precede the lock in the cluster, so nothing is written to a cluster whose health is unknown.
        ClusterState state = await _session.Gate.PassAsync(null, cancellationToken).ConfigureAwait(false);
        WarnOfSmallCluster(state);
        await runLock
            .TakeInClusterAsync(state.ClusterMembership, LongestPause(state), cancellationToken)
            .ConfigureAwait(false);
        await new PendingCompaction(context, observer)
            .WaitAsync(state.ClusterMembership, new CallBudget(request.CallTimeout, cancellationToken))
            .ConfigureAwait(false);
        state = await _session.Gate.PassAsync(null, cancellationToken).ConfigureAwait(false);
        return await WorkAsync(runLock, state, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> WorkAsync(RunLock runLock, ClusterState state, CancellationToken cancellationToken)
    {
        if (LeaveGone(state) is { } gone && !request.ContinueOnError)
            return LeaveRest(gone.Message, gone.Brief);
        await WarnOfDataInUseAsync(state, cancellationToken).ConfigureAwait(false);
        List<ulong> order = Order(state);
        int count = order.Count;
        await new DiskSpaceWarning(request, observer)
            .WarnAsync(state.Readings.Where(r => order.Contains(r.Id)), cancellationToken)
            .ConfigureAwait(false);
        var turn = new MemberTurn(_session, runLock, state);
        while (order.Count > 0)
        {
            ulong next = DefragOrdering.TakeNext(order, turn.Leader ?? state.Leader);
            if (cancellationToken.IsCancellationRequested)
                return LeaveRest("the run was ended on request");
            Progress(next, count - order.Count - 1, count, state);
            TurnResult result = await turn.TakeAsync(next, cancellationToken).ConfigureAwait(false);
            if (result is TurnResult.Ended end)
                return LeaveRest(end.Reason, end.Brief);
            if (result == TurnResult.Requeue)
                order.Add(next);
        }
        observer.Report(new RunProgress(Activity, "done", 1, null, IsOver: true));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Results.Done.Count} of {request.Targets.Count} members defragmented"
        );
    }

    private Task WarnOfDataInUseAsync(ClusterState state, CancellationToken cancellationToken) =>
        new DataInUseWarning(connection.ClusterName, request, observer).WarnAsync(
            state,
            [.. state.Readings.Where(r => Results.IsWaiting(r.Id) && !Results.IsBeforeCompaction(r.Id))],
            cancellationToken
        );

    /// <summary>
    /// Emits rows for members with nothing to reclaim, and returns the others in the order of their turns.
    /// </summary>
    private List<ulong> Order(ClusterState state)
    {
        var candidates = new List<MemberReading>();
        foreach (MemberReading reading in state.Readings.Where(r => Results.IsWaiting(r.Id)))
        {
            if (reading.Status is not null && _session.FindReasonInSizes(reading) is { } reason)
                Results.Leave(reading.Id, EtcdDefragStatus.Skipped, reason, reading, reading.Id == state.Leader);
            else
                candidates.Add(reading);
        }
        return [.. DefragOrdering.Order(candidates, state.Leader, request.InOrder).Select(r => r.Id)];
    }

    /// <summary>
    /// Reports specified members that are no longer in the cluster, because the membership then differs from what the
    /// user expects. Returns the first error, or null if all members exist.
    /// </summary>
    private EtcdException? LeaveGone(ClusterState? state = null)
    {
        EtcdException? first = null;
        foreach (ulong id in Results.Waiting.Where(id => state?.Find(id) is null))
        {
            EtcdException error = MembershipErrors.Departed(Results[id].Member);
            first ??= error;
            Results.AddFailure(id, error);
        }
        return first;
    }

    private string LeaveRest(string reason, string? brief = null)
    {
        Results.LeaveRest(reason, brief);
        observer.Report(new RunProgress(Activity, reason, null, null, IsOver: true));
        return reason;
    }

    private TimeSpan LongestPause(ClusterState state) =>
        _session.Estimate.Predict(state.Voters.Max(v => v.Status?.DbSizeInUse ?? 0));

    private void WarnOfSmallCluster(ClusterState state)
    {
        if (state.Voters.All(v => state.IsNonBlocking(v.Id)))
            return;
        int voters = state.Voters.Count();
        if (voters == 1)
            observer.Warn(
                $"{connection.ClusterName} has one voting member: all reads and writes stall while it is "
                    + "being defragmented."
            );
        else if (voters == 2)
            observer.Warn(
                $"{connection.ClusterName} has two voting members: writes may stall while one of them is "
                    + "being defragmented."
            );
    }

    private void Progress(ulong id, int done, int count, ClusterState state)
    {
        TimeSpan remaining = TimeSpan.Zero;
        foreach (ulong waiting in Results.Waiting)
            remaining += _session.Estimate.Predict(state.Find(waiting)?.Status?.DbSizeInUse ?? 0);
        observer.Report(
            new RunProgress(Activity, $"{Results[id].Member} ({done + 1} of {count})", (double)done / count, remaining)
        );
    }

    private void Keep(DateTimeOffset startedAt, string outcome) =>
        connection.Keep(
            new EtcdDefragRun
            {
                ClusterName = connection.ClusterName,
                ClusterId = connection.ClusterId ?? "",
                StartedAt = startedAt,
                EndedAt = context.Time.GetUtcNow(),
                Outcome = $"{outcome.TrimEnd('.')}.",
                Result = Results.Rows,
                LeaseLost = _session.Leases.Observed?.Lost,
            }
        );
}
