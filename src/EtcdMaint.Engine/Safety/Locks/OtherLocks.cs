namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// The locks of other runs, of both kinds. A run reads them before it writes its own lock, directly after that, and
/// again before each member, because NOSPACE may be armed or cleared at any time. See docs/design/cluster-lock.md.
/// </summary>
internal sealed class OtherLocks(FreeVoters voters, string clusterName, TimeProvider time, IRunObserver observer)
{
    private readonly LockReader _reader = new(voters);
    private readonly HolderWatch _watch = new(time);
    private readonly HashSet<RoleName> _dead = [];

    /// <summary>The names that ended runs have left in the cluster.</summary>
    public IReadOnlyCollection<RoleName> Dead => _dead;

    /// <summary>
    /// Returns when no other run holds a lock. Throws <c>LockTaken</c> if another run holds one, and <c>LockLost</c> if
    /// this run's own lock no longer exists.
    /// </summary>
    public async Task RequireNoneAsync(IClusterLock? own, LockWaitPolicy policy, CancellationToken cancellationToken)
    {
        var poll = new PollLoop(time, Limits.Locks.PollInterval);
        var progress = new RunProgress($"Checking the lock of {clusterName}", "");
        while (await FindAsync(own, policy, poll.Elapsed, cancellationToken).ConfigureAwait(false) is { } other)
        {
            progress = progress with
            {
                Status = $"checking whether {other.Holder?.ToString() ?? other.Where} is still active",
            };
            observer.Report(progress);
            await poll.NextAsync(TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false);
            if (own is not null)
                await own.RenewAsync(cancellationToken).ConfigureAwait(false);
        }
        if (progress.Status.Length > 0)
            observer.Report(progress with { IsOver = true });
    }

    /// <summary>Returns a lock of another run that may still be released, or null if there is none.</summary>
    private async Task<OtherLock?> FindAsync(
        IClusterLock? own,
        LockWaitPolicy policy,
        TimeSpan waited,
        CancellationToken cancellationToken
    )
    {
        long began = time.GetTimestamp();
        LockSighting seen = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (own?.IsIn(seen) is false)
            throw LockErrors.Lost(clusterName);
        if (seen.Key?.Value is { } value && own is not KeyLock)
            return Await(
                new OtherLock($"key {KeyLock.Key}", LockHolder.Read(value)),
                policy is LockWaitPolicy.UntilGone && waited < Limits.Locks.StepBackTime
            );

        RoleName[] roles = ReadOthers(seen, own);
        _watch.See(roles, began);
        if (policy is not LockWaitPolicy.None)
            Bury(_watch.FindDead());
        roles = [.. roles.Where(r => !_dead.Contains(r))];
        return roles.Length == 0 ? null : Await(OtherLock.Of(roles), MayGoAway(roles, policy, waited));
    }

    private bool MayGoAway(RoleName[] roles, LockWaitPolicy policy, TimeSpan waited) =>
        waited < Limits.Locks.WatchedTimesToLive * roles.Max(r => r.TimeToLive)
        && policy switch
        {
            LockWaitPolicy.None => false,
            LockWaitPolicy.UntilGone => !roles.Contains(_watch.RenewedName),
            _ => !roles.Contains(_watch.NewName)
                || (waited < Limits.Locks.StepBackTime && Array.TrueForAll(roles, r => r.Holder is null)),
        };

    private OtherLock Await(OtherLock other, bool mayGoAway) =>
        mayGoAway ? other : throw LockErrors.Taken(clusterName, other.Where, other.Holder);

    private RoleName[] ReadOthers(LockSighting seen, IClusterLock? own)
    {
        RoleName[] roles =
        [
            .. seen.Roles.Select(r => RoleName.Read(r) ?? throw LockErrors.Taken(clusterName, $"role {r}", null)),
        ];
        return [.. roles.Where(r => own?.Owns(r) is not true)];
    }

    private void Bury(IEnumerable<RoleName> dead)
    {
        foreach (RoleName name in dead)
            if (_dead.Add(name) && name.Holder is { } holder)
                observer.Warn(
                    $"LockAbandoned: The lock of {holder} in {clusterName} was not renewed for "
                        + $"{name.TimeToLive.TotalSeconds:0} s, so its run has ended and the lock is ignored."
                );
    }

    private sealed record OtherLock(string Where, LockHolder? Holder)
    {
        public static OtherLock Of(RoleName[] roles) =>
            new($"role {RoleName.Gate(roles[0].Generation)}", Array.Find(roles, r => r.Holder is not null)?.Holder);
    }
}
