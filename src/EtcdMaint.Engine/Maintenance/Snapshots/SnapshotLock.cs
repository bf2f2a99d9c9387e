using EtcdMaint.Engine.Clusters;
using EtcdMaint.Engine.Maintenance.Locks;

namespace EtcdMaint.Engine.Maintenance.Snapshots;

/// <summary>
/// Takes the lock of a run for a snapshot, because a defragmentation waits for every snapshot of its member with the member
/// unavailable. A run that holds the lock is waited for. What a snapshot cannot lock it is saved without: it is needed most
/// when little else works, and by users who may not write.
/// </summary>
internal sealed class SnapshotLock(ClusterContext context, string clusterName, bool mayWait, IRunObserver observer)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private static readonly LockOptions Options = new() { Purpose = LockPurpose.Snapshot };

    /// <summary>Whether another run had to end first.</summary>
    public bool HasWaited { get; private set; }

    /// <param name="roster">The members.</param>
    /// <param name="hasLeader">Without a leader nothing can be written or read for a lock, and no other run begins.</param>
    /// <param name="stop">Ends the wait.</param>
    public async Task<RunLock> TakeAsync(Roster roster, bool hasLeader, CancellationToken stop)
    {
        long started = context.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await TryTakeAsync(roster, hasLeader, stop).ConfigureAwait(false);
            }
            catch (EtcdException taken) when (LockErrors.IsTaken(taken) && mayWait && context.Time.GetElapsedTime(started) < Patience)
            {
                if (!HasWaited)
                    observer.Warn($"SnapshotWaits: The snapshot of {clusterName} begins when the other run has ended, within {Patience.TotalMinutes:0} minutes. {taken.Message}");
                HasWaited = true;
            }
            await Task.Delay(Pause, context.Time, stop).ConfigureAwait(false);
        }
    }

    private async Task<RunLock> TryTakeAsync(Roster roster, bool hasLeader, CancellationToken stop)
    {
        RunLock held = RunLock.OnMachine(context, HexId.Format(roster.ClusterId), clusterName, Options, observer);
        try
        {
            if (hasLeader)
                await held.TakeInClusterAsync(roster, TimeSpan.Zero, stop).ConfigureAwait(false);
            return held;
        }
        catch (EtcdException failed) when (!LockErrors.IsTaken(failed))
        {
            observer.Tell($"There is no lock in {clusterName} for this snapshot: {failed.Message}");
            return held;
        }
        catch
        {
            await held.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
