using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>Everything that the gates look at, read at one time.</summary>
/// <param name="QuorumFailure">Why a linearizable read did not succeed; null when it did.</param>
/// <param name="Defragmenting">Members whose own gauge says that a defragmentation is at work on them.</param>
internal sealed record ClusterState(
    ClusterMembership ClusterMembership,
    IReadOnlyList<MemberReading> Readings,
    EtcdException? QuorumFailure,
    IReadOnlyList<ResolvedMember> Defragmenting
)
{
    /// <summary>The metrics of the voters whose metrics can be read, by member ID.</summary>
    public IReadOnlyDictionary<ulong, MemberMetrics> Metrics { get; init; } = new Dictionary<ulong, MemberMetrics>();

    /// <summary>Voters on which a defragmentation has failed since their process started.</summary>
    public IReadOnlyList<FailedDefrag> FailedBefore { get; init; } = [];

    public IEnumerable<MemberReading> Voters => Readings.Where(r => !r.Member.Entry.IsLearner);

    /// <summary>The leader that all voters who answer agree on; null when they do not, or see none.</summary>
    public ulong? Leader
    {
        get
        {
            ulong[] seen = [.. Voters.Where(v => v.Status is not null).Select(v => v.Status!.Leader).Distinct()];
            return seen is [not 0] ? seen[0] : null;
        }
    }

    /// <summary>A member that answered, but does not let this user look: no matter of the cluster's health.</summary>
    public EtcdException? LoginFailure => Readings.Select(r => r.LoginFailure).OfType<EtcdException>().FirstOrDefault();

    /// <summary>Whether the member's own metrics say that no defragmentation is at work on it.</summary>
    public bool IsKnownIdle(ulong id) =>
        Metrics.TryGetValue(id, out MemberMetrics? metrics) && metrics.IsDefragmenting is false;

    public MemberReading? Find(ulong id) => Readings.FirstOrDefault(r => r.Id == id);

    public static async Task<ClusterState> ReadAsync(ClusterContext context, CallBudget limit)
    {
        ClusterMembership membership = await context.DiscoverAsync(limit).ConfigureAwait(false);

        // The gauges first: a member at work answers them at once, and its status only when it is done.
        (ResolvedMember Member, MemberMetrics? Metrics)[] gauges = await ReadGaugesAsync(membership, limit)
            .ConfigureAwait(false);
        ResolvedMember[] busy = [.. gauges.Where(g => g.Metrics?.IsDefragmenting is true).Select(g => g.Member)];
        if (busy.Length > 0)
            return new ClusterState(membership, [], null, busy);

        foreach ((ResolvedMember member, MemberMetrics? metrics) in gauges)
            context.LearnQuota(member.Id, metrics);
        Task<MemberReading[]> readings = context.ReadAsync(membership.Members, limit);
        EtcdException? quorumFailure = await TryQuorumAsync(membership, limit).ConfigureAwait(false);
        var pages = gauges.Where(g => g.Metrics is not null).ToDictionary(g => g.Member.Id, g => g.Metrics!);
        MemberReading[] read = await readings.ConfigureAwait(false);
        return new ClusterState(membership, read, quorumFailure, busy)
        {
            Metrics = pages,
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

    private static async Task<EtcdException?> TryQuorumAsync(ClusterMembership membership, CallBudget limit)
    {
        try
        {
            await ClusterContext.AskAnyVoterAsync(membership, c => c.ReadAsync(limit)).ConfigureAwait(false);
            return null;
        }
        catch (MemberCallException refused) when (refused.Failure is CallFailure.PermissionDenied)
        {
            // etcd confirms the read with a quorum before it looks at rights.
            return null;
        }
        catch (EtcdException failed)
        {
            return failed;
        }
    }
}
