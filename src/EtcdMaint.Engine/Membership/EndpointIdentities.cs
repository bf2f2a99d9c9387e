using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// Remembers which members have answered at each endpoint. Behind a proxy that chooses a backend for each request, the
/// check of a member's ID and the following call can reach two different members, so such an endpoint must not be used
/// to defragment. IDs of members that have left the cluster are ignored: a member that was replaced has a new ID.
/// </summary>
internal sealed class EndpointIdentities
{
    private readonly Dictionary<IMemberClient, HashSet<ulong>> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<IMemberClient> _unreliable = new(ReferenceEqualityComparer.Instance);

    public void Observe(IMemberClient client, ulong memberId)
    {
        lock (_seen)
        {
            if (!_seen.TryGetValue(client, out HashSet<ulong>? ids))
                _seen.Add(client, ids = []);
            ids.Add(memberId);
        }
    }

    /// <summary>
    /// Records that the endpoint answered as another member directly after it had answered as the right one.
    /// </summary>
    public void ObserveChange(IMemberClient client)
    {
        lock (_seen)
            _unreliable.Add(client);
    }

    public bool HasChanged(IMemberClient client)
    {
        lock (_seen)
            return _unreliable.Contains(client);
    }

    /// <summary>Returns the current members that have answered at this endpoint.</summary>
    public IReadOnlyList<MemberEntry> Find(IMemberClient client, IEnumerable<MemberEntry> members)
    {
        lock (_seen)
            return _seen.TryGetValue(client, out HashSet<ulong>? ids)
                ? [.. members.Where(m => ids.Contains(m.Id))]
                : [];
    }
}
