namespace EtcdMaint.Snapshot;

/// <summary>
/// What the database says about its cluster, apart from the keys of users. Values that an etcd release does not store,
/// or that are damaged, are null.
/// </summary>
public sealed record SnapshotContent
{
    /// <summary>The members, by ID.</summary>
    public IReadOnlyList<SnapshotMember> Members { get; internal init; } = [];

    /// <summary>The IDs of removed members, in lower-case hexadecimal.</summary>
    public IReadOnlyList<string> RemovedMemberIds { get; internal init; } = [];

    /// <summary>
    /// The ID that a cluster has that was founded with exactly these members, in lower-case hexadecimal. It is the ID
    /// of the cluster if no member was added or removed since. The database does not contain the ID itself.
    /// </summary>
    public string? FoundingClusterId { get; internal init; }

    /// <summary>The version of the cluster, for example <c>3.5.0</c>.</summary>
    public string? ClusterVersion { get; internal init; }

    /// <summary>The version to which the cluster was being downgraded; null if it was not.</summary>
    public string? DowngradeTarget { get; internal init; }

    /// <summary>The version of the storage schema, which etcd stores from 3.6 on, for example <c>3.6.0</c>.</summary>
    public string? StorageVersion { get; internal init; }

    /// <summary>The index of the last raft entry that the database contains.</summary>
    public ulong? ConsistentIndex { get; internal init; }

    /// <summary>The raft term of that entry, which etcd stores from 3.5 on.</summary>
    public ulong? Term { get; internal init; }

    /// <summary>The members as raft counted them, which etcd stores from 3.5 on.</summary>
    public SnapshotConfState? ConfState { get; internal init; }

    /// <summary>The revision of the last compaction that was requested; null before the first one.</summary>
    public long? ScheduledCompactRevision { get; internal init; }

    /// <summary>The revision of the last compaction that was completed; null before the first one.</summary>
    public long? FinishedCompactRevision { get; internal init; }

    /// <summary>
    /// The compacted revision as a server uses it that starts with this database: that of the last requested
    /// compaction, because a server completes it at its start. It is -1 before the first compaction.
    /// </summary>
    public long CompactRevision => Math.Max(ScheduledCompactRevision ?? -1, FinishedCompactRevision ?? -1);

    /// <summary>Whether the last requested compaction was completed.</summary>
    public bool IsCompactionFinished => CompactRevision <= (FinishedCompactRevision ?? -1);

    /// <summary>The number of leases.</summary>
    public long LeaseCount { get; internal init; }

    /// <summary>The armed alarms.</summary>
    public IReadOnlyList<SnapshotAlarm> Alarms { get; internal init; } = [];

    /// <summary>Whether authentication is enabled.</summary>
    public bool IsAuthEnabled { get; internal init; }

    /// <summary>The number of users.</summary>
    public long UserCount { get; internal init; }

    /// <summary>The number of roles.</summary>
    public long RoleCount { get; internal init; }
}
