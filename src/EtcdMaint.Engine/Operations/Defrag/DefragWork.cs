using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>What is known of the member that is defragmented.</summary>
/// <param name="Member">The member.</param>
/// <param name="Metrics">Its metrics before; null where they cannot be read.</param>
/// <param name="Restarts">Tells whether its process was started anew since then.</param>
/// <param name="State">What the voters said directly before.</param>
/// <param name="Answering">The voters that answered before, itself among them.</param>
internal sealed record DefragWork(
    ResolvedMember Member,
    MemberMetrics? Metrics,
    RestartCheck Restarts,
    ClusterState State,
    ResolvedMember[] Answering
)
{
    public StatusReply Before { get; } = State.Find(Member.Id)!.Status!;
}
