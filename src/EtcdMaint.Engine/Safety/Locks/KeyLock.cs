using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>A key with a lease. It expires by itself when its holder dies.</summary>
internal sealed class KeyLock : IClusterLock
{
    public const string Key = "etcdmaint/lock";

    private readonly FreeVoters _voters;
    private readonly LockHolder _me;
    private readonly long _lease;
    private readonly LockRenewal _renewal;
    private volatile bool _isLeft;

    private KeyLock(FreeVoters voters, LockHolder me, long lease, TimeSpan timeToLive, TimeProvider time)
    {
        _voters = voters;
        _me = me;
        _lease = lease;
        _renewal = new LockRenewal(RenewAsync, timeToLive, time);
    }

    /// <summary>Takes the lock; when another run holds it, throws <c>LockTaken</c>.</summary>
    public static async Task<KeyLock> TakeAsync(
        FreeVoters voters,
        string clusterName,
        LockHolder me,
        TimeSpan timeToLive,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        long lease = await voters
            .AskAsync((c, limit) => c.GrantLeaseAsync(timeToLive, limit), cancellationToken)
            .ConfigureAwait(false);
        CreateReply reply;
        try
        {
            byte[] value = me.ToJson();
            reply = await voters
                .AskAsync((c, limit) => c.CreateAsync(Key, value, lease, limit), cancellationToken)
                .ConfigureAwait(false);
        }
        catch
        {
            // The key may have been made all the same, and would keep the next run away.
            await RevokeAsync(voters, lease).ConfigureAwait(false);
            throw;
        }

        // A first try whose answer was lost has left the key with this run's own lease.
        if (reply.Created || reply.ExistingLease == lease)
            return new KeyLock(voters, me, lease, timeToLive, time);
        await RevokeAsync(voters, lease).ConfigureAwait(false);
        throw LockErrors.Taken(clusterName, $"key {Key}", LockHolder.Read(reply.ExistingValue));
    }

    /// <summary>
    /// The whole time to live lies ahead again, so that the key does not expire just after it was proved.
    /// </summary>
    public Task RenewAsync(CancellationToken cancellationToken) =>
        _voters.AskAsync((c, limit) => c.KeepLeaseAliveAsync(_lease, limit), cancellationToken);

    public bool IsIn(LockSighting seen) =>
        seen.Key is { Value: { } value } key && key.Lease == _lease && LockHolder.Read(value)?.Run == _me.Run;

    public bool Owns(RoleName role) => false;

    public void LeaveToExpire() => _isLeft = true;

    public async ValueTask DisposeAsync()
    {
        await _renewal.DisposeAsync().ConfigureAwait(false);
        if (!_isLeft)
            await RevokeAsync(_voters, _lease).ConfigureAwait(false);
    }

    /// <summary>A lease that cannot be revoked expires by itself.</summary>
    private static async Task RevokeAsync(FreeVoters voters, long lease)
    {
        try
        {
            await voters
                .AskAsync(
                    async (c, limit) =>
                    {
                        await c.RevokeLeaseAsync(lease, limit).ConfigureAwait(false);
                        return true;
                    },
                    CancellationToken.None
                )
                .ConfigureAwait(false);
        }
        catch (EtcdException)
        {
            // LeaseNotFound is as good as revoked.
        }
    }
}
