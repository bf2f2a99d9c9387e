namespace EtcdMaint.Snapshot;

/// <summary>A member of the cluster, as the database describes it.</summary>
/// <param name="Id">The ID, in lower-case hexadecimal.</param>
/// <param name="Name">The name; empty for a member that had not started.</param>
/// <param name="PeerUrls">The URLs for other members.</param>
/// <param name="ClientUrls">The URLs for clients; empty for a member that had not started.</param>
/// <param name="IsLearner">Whether the member was a learner.</param>
public sealed record SnapshotMember(
    string Id,
    string Name,
    IReadOnlyList<string> PeerUrls,
    IReadOnlyList<string> ClientUrls,
    bool IsLearner
);
