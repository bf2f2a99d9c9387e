namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// A lock in the cluster that this run holds. It is renewed until it is disposed, which gives it back. See
/// docs/design/cluster-lock.md.
/// </summary>
internal interface IClusterLock : IAsyncDisposable
{
    /// <summary>Shows other runs that this one is alive, before it reads their locks.</summary>
    Task RenewAsync(CancellationToken cancellationToken);

    /// <summary>Whether the lock is still this run's own in what was read just now.</summary>
    bool IsIn(LockSighting seen);

    /// <summary>Whether a role belongs to this lock.</summary>
    bool Owns(RoleName role);

    /// <summary>It is neither renewed nor given back any more, and ends by itself.</summary>
    void LeaveToExpire();
}
