using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// Writes this run's lock to the cluster, as a key or, while NOSPACE is armed, as roles; then looks for other runs
/// again. Of two runs that write at the same time, the one that looks later sees the other and steps back.
/// </summary>
internal sealed class LockTaking(
    FreeVoters voters,
    OtherLocks others,
    string clusterName,
    LockHolder me,
    TimeSpan longestPause,
    TimeProvider time
)
{
    private const string NoSpace = "the NOSPACE alarm is armed";

    private readonly TimeSpan _timeToLive =
        2 * longestPause > Limits.Locks.ShortestTimeToLive ? 2 * longestPause : Limits.Locks.ShortestTimeToLive;

    /// <summary>Why the cluster took no lock; null when it did.</summary>
    public string? WhyNot { get; private set; }

    /// <summary>
    /// Null when the cluster takes none, for a reason that the user can do nothing about here and now.
    /// </summary>
    public async Task<IClusterLock?> TakeAsync(CancellationToken cancellationToken)
    {
        IClusterLock? own = await WriteAsync(cancellationToken).ConfigureAwait(false);
        if (own is null)
            return null;
        try
        {
            // A run with a key lets one that came later with roles step back; so one of the two remains.
            LockPatience patience = own is KeyLock ? LockPatience.UntilGone : LockPatience.None;
            await others.RequireNoneAsync(own, patience, cancellationToken).ConfigureAwait(false);
            await DeleteDeadAsync().ConfigureAwait(false);
            return own;
        }
        catch
        {
            await own.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<IClusterLock?> WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await KeyLock
                .TakeAsync(voters, clusterName, me, _timeToLive, time, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (MemberCallException refused) when (LockReader.IsForbidden(refused.Failure))
        {
            WhyNot = $"the user may not write {KeyLock.Key}";
            return null;
        }
        catch (MemberCallException refused) when (refused.Failure is CallFailure.NoSpace)
        {
            return await WriteRolesAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IClusterLock?> WriteRolesAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                int generation = others.Dead.Select(d => d.Generation).DefaultIfEmpty(0).Max() + 1;
                if (
                    await RoleLock
                        .TakeAsync(voters, generation, me, _timeToLive, time, cancellationToken)
                        .ConfigureAwait(false) is
                    { } taken
                )
                    return taken;

                // Another run was quicker. Mostly this look ends the run; only if that run has ended meanwhile is it
                // worth another try.
                await others.RequireNoneAsync(null, LockPatience.UntilKnown, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (MemberCallException refused) when (LockReader.IsForbidden(refused.Failure))
        {
            WhyNot = $"{NoSpace}, and the user may not add roles";
            return null;
        }
    }

    /// <summary>What stays is still known to be dead, and the next run removes it.</summary>
    private async Task DeleteDeadAsync()
    {
        foreach (RoleName name in others.Dead)
        {
            try
            {
                await voters.DeleteRoleAsync(name.ToString()).ConfigureAwait(false);
            }
            catch (EtcdException)
            {
                return;
            }
        }
    }
}
