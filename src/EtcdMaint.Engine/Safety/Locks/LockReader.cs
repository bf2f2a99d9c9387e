using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>Reads all locks in a cluster with linearizable reads, as far as the user has the permission.</summary>
internal sealed class LockReader(FreeVoters voters)
{
    private bool _mayReadKey = true;
    private bool _mayListRoles = true;

    public async Task<LockSighting> ReadAsync(CancellationToken cancellationToken)
    {
        KeyReply? key = null;
        if (_mayReadKey)
            (_mayReadKey, key) = await TryAsync((c, limit) => c.GetAsync(KeyLock.Key, limit), cancellationToken)
                .ConfigureAwait(false);
        IReadOnlyList<string>? roles = null;
        if (_mayListRoles)
            (_mayListRoles, roles) = await TryAsync((c, limit) => c.ListRolesAsync(limit), cancellationToken)
                .ConfigureAwait(false);
        return new LockSighting(key, [.. (roles ?? []).Where(RoleName.IsLock)]);
    }

    private async Task<(bool MayRead, T? Reply)> TryAsync<T>(
        Func<IMemberClient, CallBudget, Task<T>> read,
        CancellationToken cancellationToken
    )
        where T : class
    {
        try
        {
            return (true, await voters.AskAsync(read, cancellationToken).ConfigureAwait(false));
        }
        catch (MemberCallException refused) when (IsForbidden(refused.Failure))
        {
            return (false, null);
        }
    }

    /// <summary>Whether every voter refuses this user the call.</summary>
    public static bool IsForbidden(CallFailure failure) =>
        failure is CallFailure.PermissionDenied or CallFailure.LoginRequired or CallFailure.NotSupported;
}
