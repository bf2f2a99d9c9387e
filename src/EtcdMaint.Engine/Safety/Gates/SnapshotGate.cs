using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>
/// A snapshot holds a read transaction of the member that sends it. A defragmentation of that member waits for the end
/// of the transaction and delays all other calls until then. A snapshot that another member sends has no effect.
/// </summary>
internal static class SnapshotGate
{
    /// <summary>Returns null if the member sends no snapshot, or if its metrics do not show it.</summary>
    public static GateRefusal? Find(ResolvedMember member, MemberMetrics? metrics)
    {
        string? receiver = metrics switch
        {
            { SnapshotStreams: > 0 } => "a client",
            { SnapshotSends: > 0 } => "another member of the cluster",
            _ => null,
        };
        return receiver is null
            ? null
            : new GateRefusal(
                GateId.SnapshotRunning,
                $"{member} is sending a snapshot to {receiver}. A defragmentation would wait for its end "
                    + $"while {member} is unavailable.",
                "Wait until the snapshot ends, or end the backup that takes it.",
                HexId.Format(member.Id),
                Wait: GateWait.UntilWorkEnds
            );
    }
}
