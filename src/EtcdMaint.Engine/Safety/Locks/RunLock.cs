using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// What keeps a second run away: a file on this machine and a lock in the cluster, as far as each can be taken. What
/// could not be taken is reported, or refused where a lock is required. Locks of other runs are read in any case.
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

    /// <summary>The machine's part, which needs nothing of the cluster.</summary>
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
                $"There is no shared folder for a lock on this machine ({MachineLock.Folder}): a second run "
                    + "started here would not be seen by its lock."
            );
        return taken;
    }

    /// <summary>
    /// The cluster's part. Throws <c>LockTaken</c> when another run holds a lock there, also when this one cannot or
    /// shall not write its own. Where the cluster refuses the lock for good reasons, the run goes on without it.
    /// </summary>
    public async Task TakeInClusterAsync(
        ClusterMembership membership,
        TimeSpan longestPause,
        CancellationToken cancellationToken
    )
    {
        _voters = new FreeVoters(membership);
        _others = new OtherLocks(_voters, _clusterName, _context.Time, _observer);
        await _others.RequireNoneAsync(null, LockPatience.UntilKnown, cancellationToken).ConfigureAwait(false);
        if (_options.SkipCluster)
            return;
        var taking = new LockTaking(_voters, _others, _clusterName, _me, longestPause, _context.Time);
        _cluster = await taking.TakeAsync(cancellationToken).ConfigureAwait(false);
        if (taking.WhyNot is { } why)
            ReportMissing(
                $"There is no lock in {_clusterName}, because {why}: a run from another machine would be "
                    + "seen only once it defragments."
            );
    }

    /// <summary>The member that is being defragmented, and is not asked for anything meanwhile; 0 for none.</summary>
    public void MarkBusy(ulong memberId)
    {
        if (_voters is not null)
            _voters.Busy = memberId;
    }

    /// <summary>
    /// Shows that no other run has begun: else throws <c>LockLost</c> or <c>LockTaken</c>. A run without a lock in the
    /// cluster reads the locks of others again.
    /// </summary>
    /// <param name="next">The member whose turn is next: it is asked last.</param>
    /// <param name="cancellationToken">Ends the proof.</param>
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
                    _cluster is null ? LockPatience.None : LockPatience.UntilGone,
                    cancellationToken
                )
                .ConfigureAwait(false);
    }

    /// <summary>The lock in the cluster is neither renewed nor given back any more: it ends by itself.</summary>
    public void LeaveToExpire() => _cluster?.LeaveToExpire();

    /// <summary>
    /// Keeps both locks until this call has ended, also when this object is disposed before. A call whose outcome is
    /// unknown then leaves the lock in the cluster to expire.
    /// </summary>
    public void KeepUntilEnded(Task call) => _pending = Task.WhenAll(_pending, call);

    /// <summary>
    /// The run does not wait for the call any longer: if its outcome is unknown, the lock in the cluster is left to
    /// expire.
    /// </summary>
    public void AbandonCall() => _isAbandoned = true;

    /// <summary>Returns at once while a call is pending; the locks are then given back when it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        bool isPending = !_pending.IsCompleted;
        Task released = ReleaseAsync(isPending);
        if (!isPending)
            await released.ConfigureAwait(false);
    }

    /// <summary>The outcome of a call that ended before is the caller's to find out.</summary>
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
