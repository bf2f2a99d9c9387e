using static EtcdMaint.Engine.Safety.KnownBugs.BugConcerns;
using static EtcdMaint.Engine.Safety.KnownBugs.KnownBug;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Safety.KnownBugs;

/// <summary>
/// The bugs of etcd from 3.4.0 on that matter to the operations of this module, and to an upgrade. The releases are
/// those of the CHANGELOG files of etcd, and <c>docs/known-bugs.md</c> shows the same table. No other code decides by a
/// release with a bug; comments and documents can repeat one.
/// </summary>
internal static class KnownBugCatalog
{
    private const string UpgradeTo35 = "https://etcd.io/docs/v3.5/upgrades/upgrade_3_5/";
    private const string UpgradeTo36 = "https://etcd.io/docs/v3.6/upgrades/upgrade_3_6/";
    private const string UpgradeTo37 = "https://etcd.io/docs/v3.7/upgrades/upgrade_3_7/";
    private const string ZombieMembers = "https://etcd.io/blog/2025/zombie_members_upgrade/";

    private static readonly Version To35 = new(3, 5);
    private static readonly Version To36 = new(3, 6);
    private static readonly Version To37 = new(3, 7);

    // A table: each bug with its columns, by the newest release with it.
    // csharpier-ignore
    public static IReadOnlyList<KnownBug> All { get; } =
    [
        // Upgrades
        new("RollingUpgradeWithAuth", Error, Upgrade | Auth,
            "cannot be upgraded member by member if authentication is enabled, because 3.5 writes entries about "
            + "users and roles in another format",
            UpgradeTo35, new BugRange("3.4.0")) { BlocksUpgradeTo = To35, NeedsAuth = true },
        new("ZombieMembers", Error, Upgrade | MemberChange,
            "can have removed members in the store that 3.6 uses, which then return and take part in the consensus",
            Issue(20967), new BugRange("3.4.0"), new BugRange("3.5.0", "3.5.26")) { BlocksUpgradeTo = To36 },
        new("PromotionNotPersisted", Error, Upgrade | Learner,
            "does not store the promotion of a learner in the store that 3.6 uses, so that the voter is a learner "
            + "again or 3.6 does not start",
            Issue(19557), new BugRange("3.5.1", "3.5.20")) { BlocksUpgradeTo = To36 },
        new("PromotionCarriedOn", Error, Upgrade | Learner,
            "can still have a promoted learner as a learner in the store that 3.6 uses, because an earlier release "
            + "did not store the promotion",
            Issue(20793), new BugRange("3.5.20", "3.5.24")) { BlocksUpgradeTo = To36 },
        new("V2ToolsMissing", Warning, Upgrade,
            "lacks the tools of 3.5.32 that find and skip data of users in the v2 store, with which 3.6 does not start",
            UpgradeTo36, new BugRange("3.5.0", "3.5.32")) { BlocksUpgradeTo = To36 },
        new("RollingUpgradeFrom36", Error, Upgrade,
            "may not be compatible with a rolling upgrade to 3.7",
            UpgradeTo37, new BugRange("3.6.0", "3.6.11")) { BlocksUpgradeTo = To37 },
        new("PromotionReplayFails", Error, Upgrade | Learner,
            "does not start if it replays the promotion of a learner that its store does not contain",
            Pull(20387), new BugRange("3.6.0", "3.6.4")) { SpoilsUpgradeTo = true },
        new("V2CheckWrong", Warning, Upgrade,
            "can refuse to start although the v2 store contains no data of users",
            Pull(20370), new BugRange("3.6.0", "3.6.3")) { SpoilsUpgradeTo = true },
        new("PromotionCrash", Error, Upgrade | Learner,
            "can crash when a member that its store does not contain is promoted or updated",
            Pull(20051), new BugRange("3.6.0", "3.6.1")) { SpoilsUpgradeTo = true },
        new("V2CheckIncomplete", Information, Upgrade,
            "has an etcdutl check v2store that does not read the write-ahead log",
            Pull(21889), new BugRange("3.5.18", "3.5.32")),
        new("StoresDiffer", Error, Upgrade | MemberChange,
            "can have different members in its two stores after an upgrade from 3.4",
            Pull(13348), new BugRange("3.5.0", "3.5.1")) { SpoilsUpgradeTo = true },

        // Data
        new("DataInconsistent", Error, PowerLoss,
            "can leave members with different data when its process is killed under load",
            Issue(13766), new BugRange("3.5.0", "3.5.3")) { SpoilsUpgradeTo = true },
        new("SnapshotIndexOverwritten", Error, SnapshotTransfer | PowerLoss,
            "can apply entries twice after it received a snapshot from another member",
            Pull(13933), new BugRange("3.5.0", "3.5.3")) { SpoilsUpgradeTo = true },
        new("TransactionReadInconsistent", Warning, Read,
            "can leave members with different data if a transaction also reads at a specified revision that is "
            + "compacted",
            Issue(18667), new BugRange("3.4.0"), new BugRange("3.5.0"), new BugRange("3.6.0")),
        new("PartialTransaction", Warning, Read,
            "can apply only a part of a transaction that fails",
            Pull(18799), new BugRange("3.5.0", "3.5.17")),
        new("RevisionDecreases", Error, Compaction | PowerLoss,
            "can continue with an older revision if it crashes during a compaction",
            Pull(17865), new BugRange("3.4.0", "3.4.32"), new BugRange("3.5.0", "3.5.14")),
        new("SingleMemberDurability", Error, PowerLoss,
            "can lose a confirmed write of a cluster with one member",
            Pull(14424), new BugRange("3.4.0", "3.4.21"), new BugRange("3.5.0", "3.5.5")),
        new("AuthRevisionInconsistent", Error, Auth | PowerLoss,
            "can leave members with different data if it restarts after a change of users or roles",
            Pull(11652), new BugRange("3.4.0", "3.4.8")),
        new("AuthSnapshotInconsistent", Error, Auth | SnapshotTransfer,
            "can leave members with different data after a member with authentication received a snapshot",
            Pull(14648), new BugRange("3.4.0", "3.4.22"), new BugRange("3.5.0", "3.5.6")),
        new("LogBeforeSnapshot", Error, PowerLoss | SnapshotTransfer,
            "can have a snapshot that is newer than its write-ahead log after a crash, and then does not start",
            Pull(11888), new BugRange("3.4.0", "3.4.8")),
        new("LastRecordTorn", Warning, PowerLoss,
            "does not start if the last record of its write-ahead log was written only in part",
            Pull(15069), new BugRange("3.5.0", "3.5.7")),
        new("StaleReadAfterPause", Warning, Read,
            "can answer a linearizable read with old data after its process was paused",
            Issue(20418), new BugRange("3.4.0", "3.4.42"), new BugRange("3.5.0", "3.5.28"),
            new BugRange("3.6.0", "3.6.9")),
        new("StaleReadAtElection", Warning, Read,
            "can answer a linearizable read with old data while the leader changes",
            Pull(21387), new BugRange("3.4.0", "3.4.42"), new BugRange("3.5.0", "3.5.28"),
            new BugRange("3.6.0", "3.6.9")),

        // Defragmentation and space
        new("DefragKillDiverges", Error, Defragmentation | PowerLoss,
            "can leave members with different data when it is killed during a defragmentation",
            Issue(14685), new BugRange("3.5.0", "3.5.6")) { BlocksDefragmentation = true },
        new("DefragLeftover", Error, Defragmentation | PowerLoss,
            "can mix data of an earlier defragmentation that was killed into the database",
            Pull(11613), new BugRange("3.4.0", "3.4.4")) { BlocksDefragmentation = true },
        new("DiskFullCrash", Error, Defragmentation | Space,
            "crashes at the next write when its disk fills up during a defragmentation",
            Issue(18810), new BugRange("3.4.0", "3.4.35"), new BugRange("3.5.0", "3.5.17")),
        new("DefragDuringSnapshot", Error, Defragmentation | SnapshotTransfer,
            "can damage its database if it receives a snapshot while it defragments",
            Issue(20271), new BugRange("3.4.0", "3.4.38"), new BugRange("3.5.0", "3.5.23"),
            new BugRange("3.6.0", "3.6.5")),
        new("DefragLosesOptions", Information, Defragmentation,
            "runs without the options of its database, such as the type of the free list, after a defragmentation",
            Pull(13701), new BugRange("3.4.0", "3.4.19"), new BugRange("3.5.0", "3.5.3")),
        new("DefragFilesKept", Information, Defragmentation | Space,
            "does not remove the file of a defragmentation that was killed at its next start",
            Pull(14246), new BugRange("3.4.0", "3.4.20")),
        new("NoSpaceRefusesDeletes", Warning, Space,
            "refuses transactions that only read or delete while NOSPACE is armed",
            Pull(14884), new BugRange("3.4.0", "3.4.20"), new BugRange("3.5.0", "3.5.7")),
        new("QuotaReportedZero", Information, Space,
            "reports no quota in its status if the default quota applies",
            Pull(20790), new BugRange("3.6.0", "3.6.6")),

        // Reads, history and hashes
        new("EndedReadCrash", Error, Read,
            "can crash if a transaction that only reads is ended or fails",
            Pull(14899), new BugRange("3.4.0", "3.4.23"), new BugRange("3.5.0", "3.5.7")),
        new("ReadDeadlock", Warning, Read,
            "can stop answering because of a deadlock in its store",
            Pull(11817), new BugRange("3.4.0", "3.4.8")),
        new("HashRefusedAfterCompaction", Information, Hash | Compaction,
            "refuses the hash at the compacted revision",
            Pull(16048), new BugRange("3.4.0", "3.4.27"), new BugRange("3.5.0", "3.5.10")),
        new("WatchLostAtCompaction", Warning, Compaction | Read,
            "can lose events of a watch that is behind when the history is compacted",
            Pull(17612), new BugRange("3.4.0", "3.4.31"), new BugRange("3.5.0", "3.5.13")),
        new("TombstoneCompacted", Warning, Compaction | Read | Hash,
            "can lose the event of a deletion whose revision is the compacted one",
            Pull(18474), new BugRange("3.4.0", "3.4.34"), new BugRange("3.5.0", "3.5.16")),
        new("DeleteEventLost", Warning, Compaction | Read,
            "can lose the event of a deletion for a watch that starts at the revision of a compaction",
            Pull(19249), new BugRange("3.4.0", "3.4.36"), new BugRange("3.5.0", "3.5.18")),

        // Alarms
        new("AlarmListBreaksStart", Error, Alarm | PowerLoss,
            "can fail to start after alarms were listed and its process was killed",
            Pull(14429), new BugRange("3.5.0", "3.5.5")) { SpoilsUpgradeTo = true },
        new("CorruptAlarmNamesNone", Warning, Alarm,
            "can arm the CORRUPT alarm without the ID of the member",
            Pull(14272), new BugRange("3.4.0", "3.4.22"), new BugRange("3.5.0", "3.5.5")),
        new("CorruptAlarmFalse", Warning, Alarm | Hash,
            "can arm the CORRUPT alarm because a member of another cluster answered",
            Issue(15548), new BugRange("3.4.0", "3.4.28")),

        // Learners and membership
        new("MemberUpdatePromotes", Warning, Learner | MemberChange,
            "lists a learner as a voter after its peer URLs were updated, although it has no vote",
            Issue(21694), new BugRange("3.4.0"), new BugRange("3.5.0", "3.5.31"), new BugRange("3.6.0", "3.6.12")),
        new("AddWhileMemberDown", Warning, MemberChange,
            "refuses to add a member while another one is down, although the quorum is kept",
            Issue(21640), new BugRange("3.4.0"), new BugRange("3.5.0", "3.5.30"), new BugRange("3.6.0", "3.6.11")),
        new("PromotionThroughFollower", Information, Learner | Auth,
            "refuses the promotion of a learner on a follower if authentication is enabled",
            Pull(21494), new BugRange("3.5.0", "3.5.28"), new BugRange("3.6.0", "3.6.6")),
        new("UnstartedLearnerPromoted", Warning, Learner,
            "can promote a learner that has never started",
            Pull(15096), new BugRange("3.4.0", "3.4.24"), new BugRange("3.5.0", "3.5.7")),
        new("PromotionRisksQuorum", Warning, Learner,
            "can promote a learner although this loses the quorum",
            Pull(11640), new BugRange("3.4.0", "3.4.4")),

        // Snapshots and restores
        new("SnapshotReceiverCrash", Warning, SnapshotTransfer,
            "can crash when it receives a snapshot from another member",
            Pull(13501), new BugRange("3.5.0", "3.5.2")),
        new("RestoreKeepsMembers", Warning, Restore | MemberChange,
            "has an etcdctl snapshot restore that leaves the old members in the store that 3.6 uses",
            ZombieMembers, new BugRange("3.4.0")),
        new("NewClusterKeepsMembers", Warning, Restore | MemberChange,
            "can keep other members if it is started with --force-new-cluster",
            Pull(20339), new BugRange("3.4.0"), new BugRange("3.5.0", "3.5.22"), new BugRange("3.6.0", "3.6.1")),
        new("NewClusterKeepsLearners", Warning, Restore | Learner,
            "can keep learners if it is started with --force-new-cluster",
            Pull(20896), new BugRange("3.5.0", "3.5.25"), new BugRange("3.6.0", "3.6.6")),

        // Leases
        new("NegativeLeaseLost", Error, Lease,
            "forgets leases with a negative ID when it restarts, so that members can have different data",
            Pull(14239), new BugRange("3.4.0", "3.4.20"), new BugRange("3.5.0", "3.5.3")),
        new("LeaseRevokedByOldLeader", Warning, Lease,
            "can revoke leases that are still renewed after the leader changed",
            Pull(17425), new BugRange("3.4.0", "3.4.31"), new BugRange("3.5.0", "3.5.13")),
        new("LeaseRenewedAfterRevoke", Warning, Lease,
            "can report the renewal of a lease that was revoked",
            Pull(20616), new BugRange("3.4.0", "3.4.38"), new BugRange("3.5.0", "3.5.23"),
            new BugRange("3.6.0", "3.6.5")),

        // Authentication
        new("AuthBypass", Error, Auth,
            "lets every client compact, change alarms, move the leader and start a downgrade (CVE-2026-33413)",
            Advisory("GHSA-q8m4-xhhv-38mg"), new BugRange("3.4.0", "3.4.42"), new BugRange("3.5.0", "3.5.28"),
            new BugRange("3.6.0", "3.6.9")),
        new("NestedTransactionBypass", Error, Auth,
            "lets users read and write keys without permission in a nested transaction (CVE-2026-33343)",
            Advisory("GHSA-rfx7-8w68-q57q"), new BugRange("3.4.0", "3.4.42"), new BugRange("3.5.0", "3.5.28"),
            new BugRange("3.6.0", "3.6.9")),
        new("PutInTransactionBypass", Warning, Auth | Lease,
            "lets users read the previous value of a key, or attach a lease, without permission in a transaction",
            Pull(21685), new BugRange("3.4.0", "3.4.44"), new BugRange("3.5.0", "3.5.30"),
            new BugRange("3.6.0", "3.6.11")),
        new("WatchBypass", Warning, Auth | Read,
            "lets users with permission for one key watch all keys from that one on",
            Advisory("GHSA-xg4h-6gfc-h4m8"), new BugRange("3.4.0"), new BugRange("3.5.0", "3.5.33"),
            new BugRange("3.6.0", "3.6.14"), new BugRange("3.7.0", "3.7.1")),
        new("RevokedCertificateAccepted", Warning, Tls,
            "accepts revoked client certificates if it is started with --listen-client-http-urls",
            Advisory("GHSA-3wh4-j44w-pg92"), new BugRange("3.4.25"), new BugRange("3.5.8", "3.5.32"),
            new BugRange("3.6.0", "3.6.13")),
        new("HandshakeNeverEnds", Warning, Tls,
            "keeps connections whose TLS handshake does not end, which can exhaust its file descriptors",
            Advisory("GHSA-6vch-q96h-7gc3"), new BugRange("3.4.0"), new BugRange("3.5.0", "3.5.33"),
            new BugRange("3.6.0", "3.6.14"), new BugRange("3.7.0", "3.7.1")),
        new("AuthStartCrash", Error, Auth | Upgrade,
            "can crash at its start if authentication is enabled",
            Pull(13946), new BugRange("3.5.3", "3.5.4")) { SpoilsUpgradeTo = true },
        new("AuthNotLoaded", Warning, Auth,
            "can start without its users and roles",
            Pull(14409), new BugRange("3.4.0", "3.4.21"), new BugRange("3.5.0", "3.5.5")),

        // Downgrades
        new("StorageVersionUnknown", Information, Downgrade,
            "can fail to detect the version of its storage, and logs this again and again",
            Pull(20496), new BugRange("3.6.0", "3.6.5")),
        new("MinimumVersionWrong", Information, Downgrade,
            "has an etcdutl migrate that can ignore the newest snapshot entry of the write-ahead log",
            Pull(22201), new BugRange("3.7.0", "3.7.2")),
    ];

    public static KnownBug Get(string id) => All.First(b => b.Id == id);

    /// <summary>The bugs of a release.</summary>
    public static IEnumerable<KnownBug> Of(Version version) => All.Where(b => b.Affects(version));

    /// <summary>
    /// Returns the first patch release of a minor with all fixes of bugs that are more than inconvenient, or null if
    /// the table contains no fix. Bugs that the minor never fixed remain.
    /// </summary>
    public static Version? FindRecommended(Version minor) =>
        All.Where(b => b.Severity is not Information)
            .SelectMany(b => b.Affected)
            .Where(r => r.First.Major == minor.Major && r.First.Minor == minor.Minor)
            .Select(r => r.FixedIn)
            .OfType<Version>()
            .Max();
}
