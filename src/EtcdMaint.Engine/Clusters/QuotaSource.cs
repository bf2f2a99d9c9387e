using System.Collections.Concurrent;
using EtcdMaint.Engine.Clients;

namespace EtcdMaint.Engine.Clusters;

/// <summary>
/// A member's quota where its status does not tell: from its metrics, else from its command line, else as given to the
/// connection. What was read is kept for as long as one pass of the gates takes: a quota changes when the process is
/// started anew.
/// </summary>
internal sealed class QuotaSource(long? given, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MetricsLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ulong, (long Quota, long ReadAt)> _known = new();

    public async Task<long?> GetAsync(RosterMember member, CallLimit limit)
    {
        if (_known.TryGetValue(member.Id, out (long Quota, long ReadAt) known) && time.GetElapsedTime(known.ReadAt) < KeptFor)
            return known.Quota;
        MemberMetrics? metrics = await member.ReadMetricsAsync(limit.AtMost(MetricsLimit)).ConfigureAwait(false);
        Learn(member.Id, metrics);
        return metrics?.QuotaBytes ?? member.Client?.Place.QuotaBytes ?? given;
    }

    /// <summary>Keeps what stands in metrics that were read for something else.</summary>
    public void Learn(ulong memberId, MemberMetrics? metrics)
    {
        if (metrics?.QuotaBytes is { } quota)
            _known[memberId] = (quota, time.GetTimestamp());
    }
}
