using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>The voters that a lock is written and read through: all but the one that is being defragmented.</summary>
internal sealed class FreeVoters(ClusterMembership membership)
{
    private ulong _busy;

    /// <summary>The member that is not asked for anything now; 0 for none.</summary>
    public ulong Busy
    {
        get => Volatile.Read(ref _busy);
        set => Volatile.Write(ref _busy, value);
    }

    /// <summary>
    /// The member that is asked only when no other one answers, because its turn is next; 0 for none.
    /// </summary>
    public ulong Last { get; set; }

    /// <summary>Sends a call that may safely be made twice to one voter after the other until one serves it.</summary>
    public Task<T> AskAsync<T>(Func<IMemberClient, CallBudget, Task<T>> call, CancellationToken cancellationToken)
    {
        var limit = new CallBudget(Limits.Locks.CallTime, cancellationToken);
        ClusterMembership free = membership with
        {
            Members = [.. membership.Members.Where(m => m.Id != Busy).OrderBy(m => m.Id == Last)],
        };
        return ClusterContext.AskAnyVoterAsync(free, client => call(client, limit));
    }

    /// <summary>
    /// Adds a role. False when it was there already; null when it is there now and may be the work of an earlier try
    /// whose answer was lost.
    /// </summary>
    public Task<bool?> AddRoleAsync(string name) =>
        ChangeAsync((client, limit) => client.AddRoleAsync(name, limit), CallFailure.RoleExists);

    /// <summary>
    /// Deletes a role. False when it was gone already; null when that may be the work of an earlier try.
    /// </summary>
    public Task<bool?> DeleteRoleAsync(string name) =>
        ChangeAsync((client, limit) => client.DeleteRoleAsync(name, limit), CallFailure.RoleNotFound);

    /// <summary>
    /// A change is waited for even when the run is to stop: given up halfway, it might still come into effect later.
    /// </summary>
    private async Task<bool?> ChangeAsync(Func<IMemberClient, CallBudget, Task> change, CallFailure isSoAlready)
    {
        bool mayBeDone = false;
        return await AskAsync<bool?>(
                async (client, limit) =>
                {
                    try
                    {
                        await change(client, limit).ConfigureAwait(false);
                        return true;
                    }
                    catch (MemberCallException refused) when (refused.Failure == isSoAlready)
                    {
                        return mayBeDone ? null : false;
                    }
                    catch (MemberCallException lost)
                        when (lost.Failure is CallFailure.TimedOut or CallFailure.ConnectionLost)
                    {
                        mayBeDone = true;
                        throw;
                    }
                },
                CancellationToken.None
            )
            .ConfigureAwait(false);
    }
}
