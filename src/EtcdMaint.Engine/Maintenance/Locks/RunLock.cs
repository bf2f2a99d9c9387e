using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;

namespace EtcdMaint.Engine.Maintenance.Locks;

/// <summary>
/// What keeps a second run away: a file on this machine and a key in the cluster, as far as each can be had. What could
/// not be had is said, or refused with <c>-RequireLock</c>.
/// </summary>
internal sealed class RunLock : IAsyncDisposable
{
    private static readonly TimeSpan ShortestTimeToLive = TimeSpan.FromSeconds(60);

    private readonly MachineLock? _machine;
    private ClusterLock? _cluster;

    private RunLock(MachineLock? machine) => _machine = machine;

    /// <summary>The machine's part, which needs nothing of the cluster.</summary>
    public static RunLock OnMachine(string clusterId, string clusterName, LockHolder me, DefragRequest request, IRunObserver observer)
    {
        MachineLock? machine = MachineLock.Take(clusterId, clusterName, me);
        if (machine is null)
            Complain($"There is no shared folder for a lock on this machine ({MachineLock.Folder}): a second run started here would not be seen by its lock.", request, observer);
        return new RunLock(machine);
    }

    /// <summary>The cluster's part. A cluster that refuses the write for good reasons is gone ahead with.</summary>
    public async Task TakeInClusterAsync(
        Roster roster, string clusterName, LockHolder me, TimeSpan longestPause, DefragRequest request, ClusterContext context, IRunObserver observer, CancellationToken stop)
    {
        if (request.NoClusterLock)
            return;
        TimeSpan timeToLive = 2 * longestPause > ShortestTimeToLive ? 2 * longestPause : ShortestTimeToLive;
        try
        {
            _cluster = await ClusterLock.TakeAsync(roster, clusterName, me, timeToLive, context.Time, stop).ConfigureAwait(false);
        }
        catch (MemberCallException refused) when (WhyNot(refused.Failure) is { } why)
        {
            Complain($"There is no lock in {clusterName}, because {why}: a run from another machine would be seen only once it defragments.", request, observer);
        }
    }

    /// <summary>The member that stands still now, and is not asked for anything meanwhile; 0 for none.</summary>
    public void MarkBusy(ulong memberId)
    {
        if (_cluster is not null)
            _cluster.Busy = memberId;
    }

    /// <summary>Giving the key back would be a write, and is left out.</summary>
    public void LeaveToExpire() => _cluster?.LeaveToExpire();

    public Task ProveAsync(CancellationToken stop) => _cluster?.ProveAsync(stop) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
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

    private static string? WhyNot(CallFailure failure) => failure switch
    {
        CallFailure.NoSpace => "the NOSPACE alarm is armed",
        CallFailure.PermissionDenied or CallFailure.LoginRequired => $"the user may not write {ClusterLock.Key}",
        _ => null,
    };

    private static void Complain(string what, DefragRequest request, IRunObserver observer)
    {
        if (request.RequireLock)
            throw LockErrors.Incomplete(what);
        observer.Warn($"LockIncomplete: {what}");
    }
}
