using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// Writes the lock of this run to the cluster, as a key or, while NOSPACE is armed, as roles. Then it looks for other
/// runs again. If two runs write at the same time, the one that looks later finds the other one and ends.
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
    private readonly TimeSpan _timeToLive = TimeToLive(Limits.Locks.PausesInTimeToLive * longestPause);

    /// <summary>Why the cluster accepted no lock, as the beginning of a sentence, or null if it did.</summary>
    public string? WhyNot { get; private set; }

    /// <summary>Returns null if the cluster accepts no lock, for a reason that the user cannot resolve now.</summary>
    public async Task<IClusterLock?> TakeAsync(CancellationToken cancellationToken)
    {
        IClusterLock? own = await WriteAsync(cancellationToken).ConfigureAwait(false);
        if (own is null)
            return null;
        try
        {
            // A run with a key waits until a run with roles that started later has ended, so one of the two remains.
            LockWaitPolicy policy = own is KeyLock ? LockWaitPolicy.UntilGone : LockWaitPolicy.None;
            await others.RequireNoneAsync(own, policy, cancellationToken).ConfigureAwait(false);
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
            WhyNot = $"The user may not write {KeyLock.Key}";
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

                // Another run was faster. Usually this check ends the run. Another attempt is made only if that run has
                // ended in between.
                await others.RequireNoneAsync(null, LockWaitPolicy.UntilKnown, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (MemberCallException refused) when (LockReader.IsForbidden(refused.Failure))
        {
            WhyNot = "etcd refuses writes (NOSPACE), and the user may not add roles";
            return null;
        }
    }

    private static TimeSpan TimeToLive(TimeSpan pauses) =>
        pauses > Limits.Locks.ShortestTimeToLive ? pauses : Limits.Locks.ShortestTimeToLive;

    /// <summary>A role that remains is known to be abandoned, and the next run deletes it.</summary>
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
