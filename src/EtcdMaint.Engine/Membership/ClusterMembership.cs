using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>The members of a cluster, each with the client that reached it by its ID.</summary>
/// <param name="IsListAgreed">Whether all members that were asked name the same members.</param>
internal sealed record ClusterMembership(ulong ClusterId, IReadOnlyList<ResolvedMember> Members, bool IsListAgreed)
{
    /// <summary>
    /// Places at which etcd is alive but did not say who it is: a member without a client may be there, at work.
    /// </summary>
    public IReadOnlyList<MemberAddress> Unresponsive { get; init; } = [];

    public IEnumerable<ResolvedMember> Voters => Members.Where(m => !m.Entry.IsLearner);

    public ResolvedMember? Find(ulong id) => Members.FirstOrDefault(m => m.Entry.Id == id);
}

/// <summary>One member; without a client when nothing that was tried answers with its ID.</summary>
/// <param name="Failure">Why there is no client; null where there is one.</param>
internal sealed record ResolvedMember(MemberEntry Entry, IMemberClient? Client, EtcdException? Failure)
{
    public ulong Id => Entry.Id;

    /// <summary>What it said of itself when it was found, where it was asked for that; of that moment only.</summary>
    public StatusReply? FirstStatus { get; init; }

    public TimeSpan FirstLatency { get; init; }

    /// <summary>The member's metrics; null where they cannot be read.</summary>
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
    /// The member's metrics; null where they cannot be read, or another member's were: without TLS they come over a
    /// connection of their own, and behind a load balancer that may lead elsewhere.
    /// </summary>
    /// <exception cref="MemberCallException">The page is too large.</exception>
    public async Task<MemberMetrics?> ReadAcceptableMetricsAsync(CallBudget limit)
    {
        MemberMetrics? metrics = Client is null ? null : await Client.ReadMetricsAsync(limit).ConfigureAwait(false);
        return metrics?.MemberId is { } id && id != Id ? null : metrics;
    }

    public override string ToString() => Entry.ToString();
}
