namespace EtcdMaint.Engine.Safety.KnownBugs;

/// <summary>When a known bug matters.</summary>
[Flags]
internal enum BugConcerns
{
    None = 0,

    /// <summary>Alarms are listed or disarmed.</summary>
    Alarm = 1,

    /// <summary>Authentication is enabled.</summary>
    Auth = 1 << 1,

    /// <summary>The history is compacted.</summary>
    Compaction = 1 << 2,

    /// <summary>A member is defragmented.</summary>
    Defragmentation = 1 << 3,

    /// <summary>The cluster is downgraded.</summary>
    Downgrade = 1 << 4,

    /// <summary>Hashes of the members are compared.</summary>
    Hash = 1 << 5,

    /// <summary>A learner is added or promoted.</summary>
    Learner = 1 << 6,

    /// <summary>Leases are renewed or revoked.</summary>
    Lease = 1 << 7,

    /// <summary>A member is added, updated or removed.</summary>
    MemberChange = 1 << 8,

    /// <summary>A process is killed, or the machine loses power.</summary>
    PowerLoss = 1 << 9,

    /// <summary>Keys are read, watched or written.</summary>
    Read = 1 << 10,

    /// <summary>A cluster is restored from a snapshot or from one member.</summary>
    Restore = 1 << 11,

    /// <summary>A member sends or receives a snapshot.</summary>
    SnapshotTransfer = 1 << 12,

    /// <summary>The database is nearly as large as its quota, or the disk is nearly full.</summary>
    Space = 1 << 13,

    /// <summary>The cluster is upgraded from an affected release, or to it.</summary>
    Upgrade = 1 << 14,

    /// <summary>Clients or members connect with TLS.</summary>
    Tls = 1 << 15,
}
