using System.Collections.Concurrent;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// A member's quota where its status does not report it: from its metrics, else as given to the connection, else from
/// the settings of its pod or process (<see cref="PresumedQuotas"/>). What was read is kept for as long as one pass of
/// the gates takes: a quota changes only when the process restarts.
/// </summary>
internal sealed class QuotaSource(long? given, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MetricsLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ulong, (long Quota, long ReadAt)> _known = new();
    private readonly PresumedQuotas _presumed = new();

    /// <summary>Keeps the size of the file for the judgement of what settings suggest.</summary>
    public void Observe(StatusReply status) => _presumed.Observe(status);

    /// <summary>
    /// The quota without a question to the member; null where nothing is given and the settings leave doubt.
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

    /// <summary>Keeps what stands in metrics that were read for something else.</summary>
    public void Learn(ulong memberId, MemberMetrics? metrics)
    {
        if (metrics?.QuotaBytes is { } quota)
            _known[memberId] = (quota, time.GetTimestamp());
    }
}
