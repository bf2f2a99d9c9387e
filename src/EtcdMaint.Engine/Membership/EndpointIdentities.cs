using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// Remembers which members have answered at each endpoint. Behind a proxy that chooses a backend for each request, the
/// check of a member's ID and the following call can reach two different members, so such an endpoint must not be used
/// to defragment. IDs of members that have left the cluster are ignored: a member that was replaced has a new ID.
/// </summary>
internal sealed class EndpointIdentities
{
    private readonly ConditionalWeakTable<IMemberClient, ConcurrentDictionary<ulong, byte>> _seen = [];
    private readonly ConditionalWeakTable<IMemberClient, object> _unreliable = [];

    public void Observe(IMemberClient client, ulong memberId) =>
        _seen.GetValue(client, static _ => new ConcurrentDictionary<ulong, byte>()).TryAdd(memberId, 0);

    /// <summary>
    /// Records that the endpoint answered as another member directly after it had answered as the right one.
    /// </summary>
    public void ObserveChange(IMemberClient client) => _unreliable.AddOrUpdate(client, _unreliable);

    public bool HasChanged(IMemberClient client) => _unreliable.TryGetValue(client, out _);

    /// <summary>Returns the current members that have answered at this endpoint.</summary>
    public IReadOnlyList<MemberEntry> Find(IMemberClient client, IEnumerable<MemberEntry> members) =>
        _seen.TryGetValue(client, out ConcurrentDictionary<ulong, byte>? seen)
            ? [.. members.Where(m => seen.ContainsKey(m.Id))]
            : [];
}
