using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>The voters that are used to write and read a lock: all except the one that is being defragmented.</summary>
internal sealed class FreeVoters(ClusterMembership membership)
{
    private ulong _busy;

    /// <summary>The member that receives no calls now, or 0 for none.</summary>
    public ulong Busy
    {
        get => Volatile.Read(ref _busy);
        set => Volatile.Write(ref _busy, value);
    }

    /// <summary>
    /// The member that is called only if no other one answers, because its turn is next, or 0 for none.
    /// </summary>
    public ulong Last { get; set; }

    /// <summary>Sends a call that can safely be repeated to one voter after the other until one serves it.</summary>
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
    /// Adds a role. Returns false if it already existed, and null if it exists now and an earlier attempt whose answer
    /// was lost may have added it.
    /// </summary>
    public Task<bool?> AddRoleAsync(string name) =>
        ChangeAsync((client, limit) => client.AddRoleAsync(name, limit), CallFailure.RoleExists);

    /// <summary>
    /// Deletes a role. Returns false if it did not exist, and null if an earlier attempt may have deleted it.
    /// </summary>
    public Task<bool?> DeleteRoleAsync(string name) =>
        ChangeAsync((client, limit) => client.DeleteRoleAsync(name, limit), CallFailure.RoleNotFound);

    /// <summary>
    /// Waits for a change even if the run is stopping, because an abandoned change might still take effect later.
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
