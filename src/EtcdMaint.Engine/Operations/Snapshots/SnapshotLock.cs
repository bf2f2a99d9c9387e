using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Locks;

namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>
/// Takes the lock of a run for a snapshot, because a defragmentation waits for every snapshot of its member with the
/// member unavailable. A run that holds the lock is waited for. What a snapshot cannot lock it is saved without: it is
/// needed most when little else works, and by users who may not write.
/// </summary>
internal sealed class SnapshotLock(ClusterContext context, string clusterName, bool mayWait, IRunObserver observer)
{
    private static readonly LockOptions Options = new() { Purpose = LockPurpose.Snapshot };

    /// <summary>Whether another run had to end first.</summary>
    public bool HasWaited { get; private set; }

    /// <param name="membership">The members.</param>
    /// <param name="hasLeader">Without a leader nothing can be written or read for a lock, and no other run
    /// begins.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<RunLock> TakeAsync(
        ClusterMembership membership,
        bool hasLeader,
        CancellationToken cancellationToken
    )
    {
        var poll = new PollLoop(context.Time, Limits.Snapshots.LockPollInterval);
        while (true)
        {
            try
            {
                return await TryTakeAsync(membership, hasLeader, cancellationToken).ConfigureAwait(false);
            }
            catch (EtcdException taken)
                when (LockErrors.IsTaken(taken) && mayWait && poll.Elapsed < Limits.Snapshots.LockWait)
            {
                if (!HasWaited)
                    observer.Warn(
                        $"SnapshotWaits: The snapshot of {clusterName} begins when the other run has ended, "
                            + $"within {Limits.Snapshots.LockWait.TotalMinutes:0} minutes. {taken.Message}"
                    );
                HasWaited = true;
            }
            await poll.NextAsync(Limits.Snapshots.LockWait, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<RunLock> TryTakeAsync(
        ClusterMembership membership,
        bool hasLeader,
        CancellationToken cancellationToken
    )
    {
        RunLock held = RunLock.OnMachine(context, HexId.Format(membership.ClusterId), clusterName, Options, observer);
        try
        {
            if (hasLeader)
                await held.TakeInClusterAsync(membership, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            return held;
        }
        catch (EtcdException failed) when (!LockErrors.IsTaken(failed))
        {
            observer.LogVerbose($"There is no lock in {clusterName} for this snapshot: {failed.Message}");
            return held;
        }
        catch
        {
            await held.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
