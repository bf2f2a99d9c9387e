using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// Blocks a second run: a file on this machine and a lock in the cluster, as far as each can be taken. A lock that
/// cannot be taken is reported, or refused if a lock is required. The locks of other runs are read in any case.
/// </summary>
internal sealed class RunLock : IAsyncDisposable
{
    private readonly ClusterContext _context;
    private readonly string _clusterName;
    private readonly LockOptions _options;
    private readonly IRunObserver _observer;
    private readonly LockHolder _me;
    private readonly MachineLock? _machine;
    private FreeVoters? _voters;
    private OtherLocks? _others;
    private IClusterLock? _cluster;
    private Task _pending = Task.CompletedTask;
    private bool _isAbandoned;

    private RunLock(
        ClusterContext context,
        string clusterId,
        string clusterName,
        LockOptions options,
        IRunObserver observer
    )
    {
        _context = context;
        _clusterName = clusterName;
        _options = options;
        _observer = observer;
        _me = LockHolder.Me(context.Time, options.Purpose);
        _machine = MachineLock.Take(clusterId, clusterName, _me, options.MachineFolder);
    }

    /// <summary>Whether this run holds a lock that runs on other machines see.</summary>
    public bool HasClusterLock => _cluster is not null;

    /// <summary>Takes the lock of the machine, which needs no access to the cluster.</summary>
    public static RunLock OnMachine(
        ClusterContext context,
        string clusterId,
        string clusterName,
        LockOptions options,
        IRunObserver observer
    )
    {
        var taken = new RunLock(context, clusterId, clusterName, options, observer);
        if (taken._machine is null)
            taken.ReportMissing(
                $"This machine has no shared folder for a lock ({MachineLock.Folder}), so a second run on "
                    + "this machine would not be detected by its lock."
            );
        return taken;
    }

    /// <summary>
    /// Takes the lock in the cluster. Throws <c>LockTaken</c> if another run holds a lock there, even if this run
    /// cannot or may not write its own. If the cluster does not accept a lock, the run continues without it.
    /// </summary>
    public async Task TakeInClusterAsync(
        ClusterMembership membership,
        TimeSpan longestPause,
        CancellationToken cancellationToken
    )
    {
        _voters = new FreeVoters(membership);
        _others = new OtherLocks(_voters, _clusterName, _context.Time, _observer);
        await _others.RequireNoneAsync(null, LockWaitPolicy.UntilKnown, cancellationToken).ConfigureAwait(false);
        if (_options.SkipCluster)
            return;
        var taking = new LockTaking(_voters, _others, _clusterName, _me, longestPause, _context.Time);
        _cluster = await taking.TakeAsync(cancellationToken).ConfigureAwait(false);
        if (taking.WhyNot is { } why)
            ReportMissing(
                $"{why}, so no lock could be set in {_clusterName}. Make sure that no other tool or machine "
                    + $"maintains {_clusterName} now."
            );
    }

    /// <summary>Marks the member that is being defragmented and therefore receives no calls, or 0 for none.</summary>
    public void MarkBusy(ulong memberId)
    {
        if (_voters is not null)
            _voters.Busy = memberId;
    }

    /// <summary>
    /// Verifies that no other run has started. Otherwise throws <c>LockLost</c> or <c>LockTaken</c>. A run without a
    /// lock in the cluster reads the locks of other runs again.
    /// </summary>
    /// <param name="next">The member whose turn is next, which is called last.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    public async Task ProveAsync(ulong next, CancellationToken cancellationToken)
    {
        if (_voters is not null)
            _voters.Last = next;
        if (_cluster is not null)
            await _cluster.RenewAsync(cancellationToken).ConfigureAwait(false);
        if (_others is not null)
            await _others
                .RequireNoneAsync(
                    _cluster,
                    _cluster is null ? LockWaitPolicy.None : LockWaitPolicy.UntilGone,
                    cancellationToken
                )
                .ConfigureAwait(false);
    }

    /// <summary>Stops renewing the lock in the cluster without releasing it, so that it expires.</summary>
    public void LeaveToExpire() => _cluster?.LeaveToExpire();

    /// <summary>
    /// Keeps both locks until this call has ended, even if this object is disposed before. If the outcome of the call
    /// is unknown, the lock in the cluster is left to expire.
    /// </summary>
    public void KeepUntilEnded(Task call) => _pending = Task.WhenAll(_pending, call);

    /// <summary>
    /// The run no longer waits for the call. If its outcome is unknown, the lock in the cluster is left to expire.
    /// </summary>
    public void AbandonCall() => _isAbandoned = true;

    /// <summary>Returns at once while a call is pending. The locks are released when the call has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        bool isPending = !_pending.IsCompleted;
        Task released = ReleaseAsync(isPending);
        if (!isPending)
            await released.ConfigureAwait(false);
    }

    /// <summary>The caller handles the outcome of a call that ended before.</summary>
    private async Task ReleaseAsync(bool isPending)
    {
        await _pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if ((isPending || _isAbandoned) && IsOutcomeUnknown(_pending))
            LeaveToExpire();
        try
        {
            if (_cluster is not null)
                await _cluster.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _machine?.Dispose();
        }
    }

    private static bool IsOutcomeUnknown(Task ended) =>
        ended.IsCanceled
        || ended.Exception?.InnerExceptions.Any(e => e is not MemberCallException { IsOutcomeUnknown: false }) is true;

    private void ReportMissing(string what)
    {
        if (_options.Require)
            throw LockErrors.Incomplete(what);
        if (_options.Purpose is LockPurpose.Snapshot)
            _observer.LogVerbose(what);
        else
            _observer.Warn($"LockIncomplete: {what}");
    }
}
