using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Leases;

/// <summary>
/// Tells how long ago a revision was the newest one. etcd stores no times, but the leases of Kubernetes contain them:
/// at any moment, the newest renewal is some seconds old, and etcd returns the leases as they were at a revision.
/// </summary>
internal sealed class RevisionClock(ClusterContext context)
{
    private readonly LeaseMapper _mapper = new("", "");

    /// <summary>
    /// Returns null if the cluster stores no leases, if the user may not read them, or if the revision is compacted.
    /// </summary>
    public async Task<TimeSpan?> ReadAgeAsync(ClusterMembership membership, long revision, CallBudget limit)
    {
        DateTimeOffset?[] renewals;
        try
        {
            renewals = await ClusterContext
                .AskAnyVoterAsync(
                    membership,
                    client =>
                        Task.WhenAll(LeaseReader.Prefixes.Select(p => ReadNewestAsync(client, p, revision, limit)))
                )
                .ConfigureAwait(false);
        }
        catch (EtcdException)
        {
            return null;
        }
        return context.Time.GetUtcNow() - renewals.Max();
    }

    private async Task<DateTimeOffset?> ReadNewestAsync(
        IMemberClient client,
        string prefix,
        long revision,
        CallBudget limit
    )
    {
        KeyListReply page = await client
            .ListKeysAsync(KeyRange.Prefix(prefix, Limits.Leases.ClockSample, revision), limit)
            .ConfigureAwait(false);
        return page.Keys.Max(key => _mapper.Read(prefix, key)?.RenewedAt);
    }
}
