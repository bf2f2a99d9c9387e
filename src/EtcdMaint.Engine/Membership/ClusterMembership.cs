using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>The members of a cluster, each with the client that reached it by its ID.</summary>
/// <param name="IsListAgreed">Whether all members that answered list the same members.</param>
internal sealed record ClusterMembership(ulong ClusterId, IReadOnlyList<ResolvedMember> Members, bool IsListAgreed)
{
    /// <summary>
    /// The addresses at which etcd is running but did not report its ID. A member without a client may be there and may
    /// be defragmenting.
    /// </summary>
    public IReadOnlyList<MemberAddress> Unresponsive { get; init; } = [];

    public IEnumerable<ResolvedMember> Voters => Members.Where(m => !m.Entry.IsLearner);

    /// <summary>The members in the order of a table.</summary>
    public IEnumerable<ResolvedMember> ByName => Members.OrderBy(m => m.ToString(), NameOrder.Instance);

    public IReadOnlyList<string> Names => [.. Members.Select(m => m.ToString())];

    /// <summary>The endpoints of the members that have a client.</summary>
    public IReadOnlyList<string> Endpoints => [.. Members.Select(m => m.Client?.Place.Endpoint).OfType<string>()];

    public ResolvedMember? Find(ulong id) => Members.FirstOrDefault(m => m.Entry.Id == id);
}

/// <summary>One member, without a client if no address that was tried answers with its ID.</summary>
/// <param name="Failure">Why there is no client, or null if there is one.</param>
internal sealed record ResolvedMember(MemberEntry Entry, IMemberClient? Client, EtcdException? Failure)
{
    public ulong Id => Entry.Id;

    /// <summary>The status from the discovery if it was requested there. It is valid only for that moment.</summary>
    public StatusReply? FirstStatus { get; init; }

    public TimeSpan FirstLatency { get; init; }

    /// <summary>Returns the metrics of the member, or null if they cannot be read.</summary>
    public async Task<MemberMetrics?> ReadMetricsAsync(CallBudget limit)
    {
        try
        {
            return await ReadAcceptableMetricsAsync(limit).ConfigureAwait(false);
        }
        catch (MemberCallException tooLarge) when (tooLarge.Failure is CallFailure.ResponseTooLarge)
        {
            return null;
        }
    }

    /// <summary>
    /// Returns the metrics of the member, or null if they cannot be read or belong to another member. Without TLS,
    /// metrics use a separate connection, which behind a load balancer may reach another member.
    /// </summary>
    /// <exception cref="MemberCallException">The page is too large.</exception>
    public async Task<MemberMetrics?> ReadAcceptableMetricsAsync(CallBudget limit)
    {
        MemberMetrics? metrics = Client is null ? null : await Client.ReadMetricsAsync(limit).ConfigureAwait(false);
        return metrics?.MemberId is { } id && id != Id ? null : metrics;
    }

    public override string ToString() => Entry.ToString();
}
