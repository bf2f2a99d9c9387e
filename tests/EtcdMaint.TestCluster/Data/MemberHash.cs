namespace EtcdMaint.TestCluster;

/// <summary>The hash of a member's keys. It tells data apart only between members with equal revisions of both kinds.</summary>
public sealed record MemberHash(ClusterMember Member, uint Hash, long CompactRevision);
