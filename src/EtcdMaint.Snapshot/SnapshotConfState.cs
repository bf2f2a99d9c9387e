namespace EtcdMaint.Snapshot;

/// <summary>The members as raft counted them, by ID in lower-case hexadecimal.</summary>
/// <param name="Voters">The voting members.</param>
/// <param name="Learners">The learners.</param>
/// <param name="VotersOutgoing">The voters of the previous configuration, during a joint change.</param>
/// <param name="LearnersNext">The voters that become learners when a joint change ends.</param>
public sealed record SnapshotConfState(
    IReadOnlyList<string> Voters,
    IReadOnlyList<string> Learners,
    IReadOnlyList<string> VotersOutgoing,
    IReadOnlyList<string> LearnersNext
);
