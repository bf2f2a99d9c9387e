using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;

namespace EtcdMaint.Engine.Maintenance.Locks;

/// <summary>
/// A leased key in the cluster itself, seen from every machine. It is kept alive through a member that is not at work,
/// and expires by itself when its holder dies.
/// </summary>
internal sealed class ClusterLock : IAsyncDisposable
{
    public const string Key = "etcdmaint/lock";

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private readonly Roster _roster;
    private readonly string _clusterName;
    private readonly LockHolder _me;
    private readonly long _lease;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _keepAlive;
    private ulong _busy;
    private volatile bool _isLeft;

    private ClusterLock(Roster roster, string clusterName, LockHolder me, long lease, TimeSpan timeToLive, TimeProvider time)
    {
        _roster = roster;
        _clusterName = clusterName;
        _me = me;
        _lease = lease;
        _time = time;
        _keepAlive = KeepAliveAsync(timeToLive / 3);
    }

    /// <summary>Takes the lock; when another run holds it, throws <c>LockTaken</c>.</summary>
    public static async Task<ClusterLock> TakeAsync(
        Roster roster, string clusterName, LockHolder me, TimeSpan timeToLive, TimeProvider time, CancellationToken stop)
    {
        var limit = new CallLimit(CallTimeout, stop);
        byte[] value = me.ToJson();
        long lease = await ClusterContext.AskAnyVoterAsync(roster, c => c.GrantLeaseAsync(timeToLive, limit)).ConfigureAwait(false);
        CreateReply reply;
        try
        {
            reply = await ClusterContext.AskAnyVoterAsync(roster, c => c.CreateAsync(Key, value, lease, limit)).ConfigureAwait(false);
        }
        catch
        {
            // The key may have been made all the same, and would keep the next run away.
            await RevokeAsync(roster, lease, 0).ConfigureAwait(false);
            throw;
        }

        // A first try whose answer was lost has left the key with this run's own lease.
        if (reply.Created || reply.ExistingLease == lease)
            return new ClusterLock(roster, clusterName, me, lease, timeToLive, time);
        await RevokeAsync(roster, lease, 0).ConfigureAwait(false);
        throw LockErrors.Taken(clusterName, $"key {Key}", LockHolder.Read(reply.ExistingValue));
    }

    /// <summary>The member that stands still now, and is not asked for anything meanwhile; 0 for none.</summary>
    public ulong Busy
    {
        get => Volatile.Read(ref _busy);
        set => Volatile.Write(ref _busy, value);
    }

    /// <summary>Shows by a linearizable read that the key is still this run's; else throws <c>LockLost</c>.</summary>
    public async Task ProveAsync(CancellationToken stop)
    {
        var limit = new CallLimit(CallTimeout, stop);
        KeyReply reply = await ClusterContext.AskAnyVoterAsync(_roster, c => c.GetAsync(Key, limit)).ConfigureAwait(false);
        if (reply.Lease != _lease || reply.Value is null || LockHolder.Read(reply.Value)?.Run != _me.Run)
            throw LockErrors.Lost(_clusterName);
    }

    /// <summary>Nothing more is written: the key goes when its lease expires.</summary>
    public void LeaveToExpire() => _isLeft = true;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        await _keepAlive.ConfigureAwait(false);
        if (!_isLeft)
            await RevokeAsync(_roster, _lease, Busy).ConfigureAwait(false);
        _over.Dispose();
    }

    private async Task KeepAliveAsync(TimeSpan pause)
    {
        try
        {
            while (true)
            {
                await Task.Delay(pause, _time, _over.Token).ConfigureAwait(false);
                await KeepAliveOnceAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task KeepAliveOnceAsync()
    {
        foreach (IMemberClient client in Free(_roster, Busy))
        {
            try
            {
                await client.KeepLeaseAliveAsync(_lease, new CallLimit(CallTimeout, _over.Token)).ConfigureAwait(false);
                return;
            }
            catch (EtcdException)
            {
                // The next member may do; if none does, the proof before the next member finds out.
            }
        }
    }

    /// <summary>A lease that cannot be revoked expires by itself.</summary>
    private static async Task RevokeAsync(Roster roster, long lease, ulong busy)
    {
        foreach (IMemberClient client in Free(roster, busy))
        {
            try
            {
                await client.RevokeLeaseAsync(lease, new CallLimit(CallTimeout, CancellationToken.None)).ConfigureAwait(false);
                return;
            }
            catch (MemberCallException gone) when (gone.Failure is CallFailure.LeaseNotFound)
            {
                return;
            }
            catch (EtcdException)
            {
                // The next member may do.
            }
        }
    }

    private static IEnumerable<IMemberClient> Free(Roster roster, ulong busy) =>
        roster.Voters.Where(v => v.Id != busy).Select(v => v.Client).OfType<IMemberClient>();
}
