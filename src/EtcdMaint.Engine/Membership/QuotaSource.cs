using System.Collections.Concurrent;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// Finds the quota of a member whose status does not report it: from its metrics, then from the connection, then from
/// the settings of its pod or process (<see cref="PresumedQuotas"/>). A value is kept during one pass of the gates,
/// because a quota changes only when the process restarts.
/// </summary>
internal sealed class QuotaSource(long? given, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MetricsLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ulong, (long Quota, long ReadAt)> _known = new(
        concurrencyLevel: 1,
        capacity: 3
    );
    private readonly PresumedQuotas _presumed = new();

    /// <summary>Stores the size of the file, which is needed to evaluate the quota in the settings.</summary>
    public void Observe(StatusReply status) => _presumed.Observe(status);

    /// <summary>
    /// Returns the quota without a request to the member, or null if none was specified and the settings are not
    /// certain.
    /// </summary>
    public long? Presume(ResolvedMember member, StatusReply status) =>
        given ?? _presumed.Find(member.Client?.Place.QuotaBytes, status);

    public async Task<long?> GetAsync(ResolvedMember member, StatusReply status, CallBudget limit)
    {
        if (
            _known.TryGetValue(member.Id, out (long Quota, long ReadAt) known)
            && time.GetElapsedTime(known.ReadAt) < KeptFor
        )
            return known.Quota;
        MemberMetrics? metrics = await member.ReadMetricsAsync(limit.AtMost(MetricsLimit)).ConfigureAwait(false);
        Learn(member.Id, metrics);
        return metrics?.QuotaBytes ?? Presume(member, status);
    }

    /// <summary>Stores the quota of metrics that were read for another purpose.</summary>
    public void Learn(ulong memberId, MemberMetrics? metrics)
    {
        if (metrics?.QuotaBytes is { } quota)
            _known[memberId] = (quota, time.GetTimestamp());
    }
}
