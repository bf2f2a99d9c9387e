using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>The state of the member that is being defragmented.</summary>
/// <param name="Member">The member.</param>
/// <param name="Metrics">Its metrics before, or null if they cannot be read.</param>
/// <param name="Restarts">Detects whether its process has restarted since then.</param>
/// <param name="State">The state of the voters directly before.</param>
/// <param name="Answering">The voters that answered before, including this member.</param>
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
