using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>A key with a lease. It expires if its holder ends without releasing it.</summary>
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

    /// <summary>Takes the lock. Throws <c>LockTaken</c> if another run holds it.</summary>
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
            // The key may have been created nevertheless, and would block the next run.
            await RevokeAsync(voters, lease).ConfigureAwait(false);
            throw;
        }

        // A first attempt whose answer was lost has created the key with the lease of this run.
        if (reply.Created || reply.ExistingLease == lease)
            return new KeyLock(voters, me, lease, timeToLive, time);
        await RevokeAsync(voters, lease).ConfigureAwait(false);
        throw LockErrors.Taken(clusterName, $"key {Key}", LockHolder.Read(reply.ExistingValue));
    }

    /// <summary>
    /// Restarts the whole time to live, so that the key does not expire directly after it was proved.
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

    /// <summary>A lease that cannot be revoked expires.</summary>
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
            // LeaseNotFound means that the lease no longer exists.
        }
    }
}
