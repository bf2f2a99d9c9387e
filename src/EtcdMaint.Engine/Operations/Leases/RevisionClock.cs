using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Leases;

/// <summary>
/// Tells how long ago a revision was the newest one. etcd stores no times, but the leases of Kubernetes contain them,
/// and etcd returns the leases as they were at a revision. The renewals of each lease are compared with each other, so
/// a wrong clock of this machine or of one holder does not matter.
/// </summary>
internal sealed class RevisionClock(ClusterContext context)
{
    private readonly LeaseMapper _mapper = new("", "");

    /// <summary>The newest renewals, read once.</summary>
    private Dictionary<string, DateTimeOffset>? _now;

    /// <summary>
    /// Returns null if the cluster stores no leases, if the user may not read them, or if the revision is compacted.
    /// </summary>
    public async Task<TimeSpan?> ReadAgeAsync(ClusterMembership membership, long revision, CallBudget limit)
    {
        try
        {
            _now ??= await ReadAsync(membership, 0, limit).ConfigureAwait(false);
            if (_now.Count == 0)
                return null;
            Dictionary<string, DateTimeOffset> then = await ReadAsync(membership, revision, limit)
                .ConfigureAwait(false);
            return then.Count == 0 ? null : Median(then, _now) + Silence(_now);
        }
        catch (EtcdException)
        {
            return null;
        }
    }

    /// <summary>The median counts, because a lease can have stopped for a part of the time.</summary>
    private static TimeSpan Median(Dictionary<string, DateTimeOffset> then, Dictionary<string, DateTimeOffset> now)
    {
        TimeSpan[] passed =
        [
            .. now.Where(lease => then.TryGetValue(lease.Key, out DateTimeOffset old) && lease.Value > old)
                .Select(lease => lease.Value - then[lease.Key])
                .Order(),
        ];
        return passed.Length == 0 ? TimeSpan.Zero : passed[passed.Length / 2];
    }

    /// <summary>
    /// The time since the last renewal of all, if it is so long that no API server accepts renewals. Only this compares
    /// with the clock of this machine.
    /// </summary>
    private TimeSpan Silence(Dictionary<string, DateTimeOffset> now)
    {
        TimeSpan silence = context.Time.GetUtcNow() - now.Values.Max();
        return silence > Limits.Leases.SilentAfter ? silence : TimeSpan.Zero;
    }

    /// <summary>
    /// Reads some leases with their renewals. The heartbeats of nodes are read too: they are always renewed, while the
    /// first leases by name may have no holder any more.
    /// </summary>
    private async Task<Dictionary<string, DateTimeOffset>> ReadAsync(
        ClusterMembership membership,
        long revision,
        CallBudget limit
    )
    {
        (string Prefix, KeyListReply Page)[] pages = await ClusterContext
            .AskAnyVoterAsync(membership, client => ReadPagesAsync(client, revision, limit))
            .ConfigureAwait(false);
        var renewals = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach ((string prefix, KeyListReply page) in pages)
        foreach (StoredKey key in page.Keys)
            if (_mapper.Read(prefix, key)?.RenewedAt is { } renewedAt)
                renewals[key.Key] = renewedAt;
        return renewals;
    }

    private static Task<(string Prefix, KeyListReply Page)[]> ReadPagesAsync(
        IMemberClient client,
        long revision,
        CallBudget limit
    ) =>
        Task.WhenAll(
            LeaseReader
                .Prefixes.SelectMany(prefix => new[] { (prefix, prefix), (prefix, prefix + LeaseReader.NodeLeases) })
                .Select(async range =>
                    (
                        range.Item1,
                        await client
                            .ListKeysAsync(KeyRange.Prefix(range.Item2, Limits.Leases.ClockSample, revision), limit)
                            .ConfigureAwait(false)
                    )
                )
        );
}
