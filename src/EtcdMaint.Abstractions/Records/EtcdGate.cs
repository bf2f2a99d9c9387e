namespace EtcdMaint;

/// <summary>The checks that <c>-Override</c> can switch off, by name. All others hold always.</summary>
public enum EtcdGate
{
    /// <summary>A voter does not answer, but the others still make a quorum.</summary>
    MemberDown,

    /// <summary>A member runs a version with a known bug that a defragmentation can trigger.</summary>
    VersionHazard,

    /// <summary>
    /// The pod's probes would have the kubelet kill a member that stands still for as long as predicted.
    /// </summary>
    ProbeBudget,

    /// <summary>A voter's quota is not known.</summary>
    QuotaUnknown,

    /// <summary>A downgrade of the cluster is under way.</summary>
    DowngradeRunning,

    /// <summary>The disk has too little room for the second file that a defragmentation writes.</summary>
    DiskTooFull,

    /// <summary>
    /// The member is sending a snapshot; a defragmentation waits for its end while the member is unavailable.
    /// </summary>
    SnapshotRunning,

    /// <summary>
    /// A defragmentation failed since the member's process started, and its release may crash at its next write after
    /// that.
    /// </summary>
    DefragFailedBefore,

    /// <summary>
    /// The free disk space of a member is unknown, and its release crashes when the disk fills up during a
    /// defragmentation.
    /// </summary>
    DiskSpaceUnknown,
}
