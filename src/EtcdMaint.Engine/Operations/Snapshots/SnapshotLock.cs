using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Locks;

namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>
/// Takes the lock of a run for a snapshot, because a defragmentation waits for every snapshot of its member while the
/// member is unavailable. A snapshot waits for a run that holds the lock. If the lock cannot be taken, the snapshot is
/// saved without it: snapshots are most important when the cluster has problems, and users who may not write also save
/// them.
/// </summary>
internal sealed class SnapshotLock(ClusterContext context, string clusterName, bool mayWait, IRunObserver observer)
{
    private static readonly LockOptions Options = new() { Purpose = LockPurpose.Snapshot };

    /// <summary>Whether the snapshot had to wait for another run.</summary>
    public bool HasWaited { get; private set; }

    /// <param name="membership">The members.</param>
    /// <param name="hasLeader">Whether there is a leader. Without one, no lock can be written or read, and no other run
    /// starts.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
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
                        $"SnapshotWaits: The snapshot of {clusterName} starts when the other run has ended, "
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
