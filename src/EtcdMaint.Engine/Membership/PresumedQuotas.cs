using System.Collections.Concurrent;
using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// Evaluates the quota that the settings of a pod or process suggest. etcd arms NOSPACE when the file reaches the
/// quota. A member with this alarm whose file was never near the suggested quota has another quota.
/// </summary>
internal sealed class PresumedQuotas
{
    /// <summary>The share of the quota below which the file cannot have armed the alarm.</summary>
    private const double FarBelow = 0.5;

    private readonly ConcurrentDictionary<ulong, long> _largest = new(concurrencyLevel: 1, capacity: 3);

    /// <summary>
    /// Keeps the largest size, because a defragmentation makes the file small while the alarm stays armed.
    /// </summary>
    public void Observe(StatusReply status) =>
        _largest.AddOrUpdate(status.Header.MemberId, status.DbSize, (_, size) => Math.Max(size, status.DbSize));

    /// <summary>Returns the suggested quota, or null if there is none or an alarm disproves it.</summary>
    public long? Find(long? suggested, StatusReply status) =>
        suggested is > 0 && IsDisproved(suggested.Value, status) ? null : suggested;

    private bool IsDisproved(long suggested, StatusReply status)
    {
        ulong id = status.Header.MemberId;
        return _largest.GetValueOrDefault(id, status.DbSize) < FarBelow * suggested
            && AlarmStrings.Read(status.Errors).Any(a => a.MemberId == id && a.Type is EtcdAlarmType.NoSpace);
    }
}
