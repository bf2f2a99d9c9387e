namespace EtcdMaint;

/// <summary>The checks that <c>-Override</c> can turn off, by name. All other checks always apply.</summary>
public enum EtcdGate
{
    /// <summary>A voter does not answer, and the other voters still form a quorum.</summary>
    MemberDown,

    /// <summary>A member runs a release with a known bug that a defragmentation can trigger.</summary>
    VersionHazard,

    /// <summary>
    /// Because of the probes of its pod, the kubelet would restart the member during the predicted pause.
    /// </summary>
    ProbeBudget,

    /// <summary>The quota of a voter is unknown.</summary>
    QuotaUnknown,

    /// <summary>A downgrade of the cluster is in progress.</summary>
    DowngradeRunning,

    /// <summary>The disk has too little space for the second file that a defragmentation writes.</summary>
    DiskTooFull,

    /// <summary>
    /// The member is sending a snapshot. A defragmentation would wait for the end of the snapshot while the member is
    /// unavailable.
    /// </summary>
    SnapshotRunning,

    /// <summary>
    /// A defragmentation failed since the process of the member started, and a member of this release can crash at its
    /// next write after that.
    /// </summary>
    DefragFailedBefore,

    /// <summary>
    /// The free disk space of a member is unknown, and its release crashes when the disk fills up during a
    /// defragmentation.
    /// </summary>
    DiskSpaceUnknown,
}
