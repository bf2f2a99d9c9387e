namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// A lock of this run in the cluster. It is renewed until it is disposed, which releases it. See
/// docs/design/cluster-lock.md.
/// </summary>
internal interface IClusterLock : IAsyncDisposable
{
    /// <summary>Shows other runs that this one is active, before it reads their locks.</summary>
    Task RenewAsync(CancellationToken cancellationToken);

    /// <summary>Whether the lock in the given reading still belongs to this run.</summary>
    bool IsIn(LockSighting seen);

    /// <summary>Whether a role belongs to this lock.</summary>
    bool Owns(RoleName role);

    /// <summary>Stops renewing the lock without releasing it, so that it expires.</summary>
    void LeaveToExpire();
}
