namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// Two auth roles without permissions, for a cluster that refuses keys because NOSPACE is armed. The gate of a
/// generation admits one of several runs, and the holder has a name that no other run uses. Only the name of the holder
/// blocks other runs.
/// </summary>
internal sealed class RoleLock : IClusterLock
{
    private readonly FreeVoters _voters;
    private readonly string _gate;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<string> _added = [];
    private RoleName _name;
    private int _renewals;
    private LockRenewal? _renewal;
    private volatile bool _isLeft;
    private volatile bool _isLost;

    private RoleLock(FreeVoters voters, RoleName name)
    {
        _voters = voters;
        _name = name;
        _gate = RoleName.Gate(name.Generation).ToString();
    }

    /// <summary>Takes the lock of a generation. Returns null if another run was faster.</summary>
    public static async Task<RoleLock?> TakeAsync(
        FreeVoters voters,
        int generation,
        LockHolder me,
        TimeSpan timeToLive,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();

        // A gate that may be this run's own is also accepted: of two runs with the same gate, at least one finds the
        // other.
        if (await voters.AddRoleAsync(RoleName.Gate(generation).ToString()).ConfigureAwait(false) is false)
            return null;
        var taken = new RoleLock(voters, new RoleName(generation, me, timeToLive, 0));
        try
        {
            await taken.AddAsync(taken._name).ConfigureAwait(false);
        }
        catch
        {
            await taken.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        taken._renewal = new LockRenewal(taken.RenewAsync, timeToLive, time);
        return taken;
    }

    /// <summary>
    /// Adds the next name, then deletes the previous one. If the previous name no longer exists, another run has taken
    /// over.
    /// </summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isLeft || _isLost)
                return;
            RoleName before = _name;
            RoleName next = before with { Renewal = ++_renewals };
            await AddAsync(next).ConfigureAwait(false);
            _name = next;
            _isLost = await DeleteAsync(before.ToString()).ConfigureAwait(false) is false;
            if (_isLost)
                await DeleteAllAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Any name of this run counts, because a renewal may have changed the name while the answer was being received.
    /// </summary>
    public bool IsIn(LockSighting seen) =>
        !_isLost && seen.Roles.Any(r => RoleName.Read(r) is { Holder: not null } role && Owns(role));

    public bool Owns(RoleName role) =>
        role.Holder is { } holder ? holder.Run == _name.Holder!.Run : role.Generation == _name.Generation;

    public void LeaveToExpire() => _isLeft = true;

    public async ValueTask DisposeAsync()
    {
        if (_renewal is not null)
            await _renewal.DisposeAsync().ConfigureAwait(false);
        if (!_isLeft)
            await DeleteAllAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    /// <summary>
    /// Stores the name first, because the role may be added although the answer is lost. If the role already exists, an
    /// earlier attempt of this run has added it.
    /// </summary>
    private async Task AddAsync(RoleName name)
    {
        _added.Add(name.ToString());
        await _voters.AddRoleAsync(name.ToString()).ConfigureAwait(false);
    }

    private async Task<bool?> DeleteAsync(string name)
    {
        bool? isDeleted = await _voters.DeleteRoleAsync(name).ConfigureAwait(false);
        _added.Remove(name);
        return isDeleted;
    }

    /// <summary>After another run has taken over, the gate may belong to that run.</summary>
    private async Task DeleteAllAsync()
    {
        string[] names = _isLost ? [.. _added] : [.. _added, _gate];
        foreach (string name in names)
        {
            try
            {
                await DeleteAsync(name).ConfigureAwait(false);
            }
            catch (EtcdException)
            {
                // A role that cannot be deleted is not renewed, and the next run deletes it.
            }
        }
    }
}
