using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>The state that the gates evaluate, read at one time.</summary>
/// <param name="Readings">What each member answered, by name.</param>
/// <param name="QuorumFailure">Why a linearizable read failed, or null if it succeeded.</param>
/// <param name="Defragmenting">The members whose own gauge shows a running defragmentation.</param>
internal sealed record ClusterState(
    ClusterMembership ClusterMembership,
    IReadOnlyList<MemberReading> Readings,
    EtcdException? QuorumFailure,
    IReadOnlyList<ResolvedMember> Defragmenting
)
{
    /// <summary>The metrics of the voters whose metrics can be read, by member ID.</summary>
    public IReadOnlyDictionary<ulong, MemberMetrics> Metrics { get; init; } = new Dictionary<ulong, MemberMetrics>();

    /// <summary>
    /// The reply to the linearizable read, which reads <see cref="CompactRevisionKey"/>; null if it failed or the user
    /// may not read the key.
    /// </summary>
    public KeyReply? CompactRevision { get; init; }

    /// <summary>The timestamp of <see cref="CompactRevision"/>.</summary>
    public long ReadAt { get; init; }

    /// <summary>Voters on which a defragmentation has failed since their process started.</summary>
    public IReadOnlyList<FailedDefrag> FailedBefore { get; init; } = [];

    public IEnumerable<MemberReading> Voters => Readings.Where(r => !r.Member.Entry.IsLearner);

    /// <summary>
    /// The leader on which all voters that answer agree, or null if they do not agree or have no leader.
    /// </summary>
    public ulong? Leader
    {
        get
        {
            ulong[] seen = [.. Voters.Where(v => v.Status is not null).Select(v => v.Status!.Leader).Distinct()];
            return seen is [not 0] ? seen[0] : null;
        }
    }

    /// <summary>
    /// The failure of a member that answered although this user lacks access. It does not concern the health of the
    /// cluster.
    /// </summary>
    public EtcdException? LoginFailure => Readings.Select(r => r.LoginFailure).OfType<EtcdException>().FirstOrDefault();

    /// <summary>Whether the member's own metrics show that no defragmentation is running on it.</summary>
    public bool IsKnownIdle(ulong id) =>
        Metrics.TryGetValue(id, out MemberMetrics? metrics) && metrics.IsDefragmenting is false;

    /// <summary>Whether the member's own metrics show that a defragmentation blocks it only at its end.</summary>
    public bool IsNonBlocking(ulong id) =>
        Metrics.TryGetValue(id, out MemberMetrics? metrics) && metrics.HasNonBlockingDefrag;

    public MemberReading? Find(ulong id) => Readings.FirstOrDefault(r => r.Id == id);

    public static async Task<ClusterState> ReadAsync(ClusterContext context, CallBudget limit)
    {
        ClusterMembership membership = await context.DiscoverAsync(limit).ConfigureAwait(false);

        // The gauges are read first: a member that is being defragmented returns them at once, but its status only when
        // it has finished.
        (ResolvedMember Member, MemberMetrics? Metrics)[] gauges = await ReadGaugesAsync(membership, limit)
            .ConfigureAwait(false);
        ResolvedMember[] busy = [.. gauges.Where(g => g.Metrics?.IsDefragmenting is true).Select(g => g.Member)];
        if (busy.Length > 0)
            return new ClusterState(membership, [], null, busy);

        foreach ((ResolvedMember member, MemberMetrics? metrics) in gauges)
            context.LearnQuota(member.Id, metrics);
        Task<MemberReading[]> readings = context.ReadAsync(membership.ByName, limit);
        (KeyReply? key, EtcdException? quorumFailure) = await TryQuorumAsync(membership, limit).ConfigureAwait(false);
        long readAt = context.Time.GetTimestamp();
        var pages = gauges.Where(g => g.Metrics is not null).ToDictionary(g => g.Member.Id, g => g.Metrics!);
        MemberReading[] read = await readings.ConfigureAwait(false);
        return new ClusterState(membership, read, quorumFailure, busy)
        {
            Metrics = pages,
            CompactRevision = key,
            ReadAt = readAt,
            FailedBefore = context.FailedDefrags.Find(read, pages),
        };
    }

    private static Task<(ResolvedMember Member, MemberMetrics? Metrics)[]> ReadGaugesAsync(
        ClusterMembership membership,
        CallBudget limit
    ) =>
        Task.WhenAll(
            membership
                .Voters.Where(v => v.Client is not null)
                .Select(async v =>
                    (
                        v,
                        await v.ReadAcceptableMetricsAsync(limit.AtMost(Limits.Gates.MetricsTime)).ConfigureAwait(false)
                    )
                )
        );

    private static async Task<(KeyReply? Key, EtcdException? Failure)> TryQuorumAsync(
        ClusterMembership membership,
        CallBudget limit
    )
    {
        try
        {
            KeyReply key = await ClusterContext
                .AskAnyVoterAsync(membership, c => c.GetAsync(CompactRevisionKey.Name, limit))
                .ConfigureAwait(false);
            return (key, null);
        }
        catch (MemberCallException refused) when (refused.Failure is CallFailure.PermissionDenied)
        {
            // etcd confirms the read with a quorum before it checks permissions.
            return (null, null);
        }
        catch (EtcdException failed)
        {
            return (null, failed);
        }
    }
}
