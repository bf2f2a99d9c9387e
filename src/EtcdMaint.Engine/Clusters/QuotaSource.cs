using System.Collections.Concurrent;
using EtcdMaint.Engine.Clients;

namespace EtcdMaint.Engine.Clusters;

/// <summary>
/// A member's quota where its status does not tell: from its metrics, else as given to the connection. A quota changes
/// only when the process is started anew, so what was read is kept for a while.
/// </summary>
internal sealed class QuotaSource(long? given, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan MetricsLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ulong, (long? Quota, long ReadAt)> _known = new();

    public async Task<long?> GetAsync(ulong memberId, IMemberClient client, CallLimit limit)
    {
        if (_known.TryGetValue(memberId, out (long? Quota, long ReadAt) known) && time.GetElapsedTime(known.ReadAt) < KeptFor)
            return known.Quota ?? given;
        MemberMetrics? metrics = await client.ReadMetricsAsync(limit.AtMost(MetricsLimit)).ConfigureAwait(false);
        _known[memberId] = (metrics?.QuotaBytes, time.GetTimestamp());
        return metrics?.QuotaBytes ?? given;
    }
}
