using System.Collections.Concurrent;
using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Membership;

/// <summary>A member on which a defragmentation has failed since its process started.</summary>
/// <param name="HasWorkedSince">Whether it has written or defragmented since. Releases that crash at the first write
/// after a failure are then safe again.</param>
internal sealed record FailedDefrag(MemberReading Member, bool HasWorkedSince);

/// <summary>
/// Finds members on which a defragmentation has failed. The metrics of a member show how many failed and how many
/// succeeded since its process started, but not in which order. Each reading is therefore compared with the first one
/// that showed the failure: a member that has applied a write or finished a defragmentation since then has survived it.
/// </summary>
internal sealed class FailedDefrags
{
    private readonly ConcurrentDictionary<ulong, Look> _first = new(concurrencyLevel: 1, capacity: 3);

    /// <summary>
    /// Before etcd 3.6, a refused login also counts as a failure. The next write shows that it did no harm.
    /// </summary>
    public IReadOnlyList<FailedDefrag> Find(
        IEnumerable<MemberReading> readings,
        IReadOnlyDictionary<ulong, MemberMetrics> metrics
    )
    {
        var failed = new List<FailedDefrag>();
        foreach (MemberReading reading in readings)
        {
            if (
                metrics.GetValueOrDefault(reading.Id) is not { FailedDefragCount: > 0 } page
                || reading.Status is not { } status
            )
                continue;
            var now = new Look(page.ProcessStart, page.FailedDefragCount, page.DefragCount, status.Header.Revision);
            Look first = _first.AddOrUpdate(reading.Id, now, (_, known) => known.IsOfSameFailure(now) ? known : now);
            failed.Add(new FailedDefrag(reading, now.Revision > first.Revision || now.Succeeded > first.Succeeded));
        }
        return failed;
    }

    private sealed record Look(double? ProcessStart, long? Failed, long? Succeeded, long Revision)
    {
        public bool IsOfSameFailure(Look other) => (ProcessStart, Failed) == (other.ProcessStart, other.Failed);
    }
}
