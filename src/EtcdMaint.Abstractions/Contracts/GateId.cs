namespace EtcdMaint;

/// <summary>The gates of a defragmentation. The name of a gate is the ID of its error and of its finding.</summary>
internal enum GateId
{
    /// <summary>A defragmentation that this run did not start is running.</summary>
    DefragInFlight,

    /// <summary>The members report different member lists.</summary>
    MembershipDisagreement,

    /// <summary>The CORRUPT alarm is armed.</summary>
    CorruptArmed,

    /// <summary>The cluster does not serve linearizable reads.</summary>
    NoQuorum,

    /// <summary>A member accepts connections and does not report its status.</summary>
    MemberSilent,

    /// <summary>A voter does not answer.</summary>
    MemberDown,

    /// <summary>No member knows a leader.</summary>
    NoLeader,

    /// <summary>The members report different leaders.</summary>
    LeaderDisagreement,

    /// <summary>A defragmentation failed since the member's process started.</summary>
    DefragFailedBefore,

    /// <summary>A downgrade of the cluster is running.</summary>
    DowngradeRunning,

    /// <summary>A member runs a release with a bug that a defragmentation can trigger.</summary>
    VersionHazard,

    /// <summary>A voter has not applied what the cluster has committed.</summary>
    MemberBehind,

    /// <summary>Without the member, the voters that answer are no quorum.</summary>
    QuorumAtRisk,

    /// <summary>The member sends a snapshot.</summary>
    SnapshotRunning,

    /// <summary>The disk has too little space for the second file that a defragmentation writes.</summary>
    DiskTooFull,

    /// <summary>The free disk space is unknown, and the member's release crashes when its disk is full.</summary>
    DiskSpaceUnknown,

    /// <summary>The kubelet would restart the member during the predicted pause.</summary>
    ProbeBudget,

    /// <summary>The endpoint has answered as more than one member.</summary>
    EndpointShared,
}

/// <summary>Which gates a user can override.</summary>
internal static class GateOverride
{
    /// <summary>The value of <c>-Override</c> that opens the gate; null for a gate that cannot be overridden.</summary>
    public static EtcdGate? Of(GateId gate) =>
        gate switch
        {
            GateId.MemberDown => EtcdGate.MemberDown,
            GateId.DefragFailedBefore => EtcdGate.DefragFailedBefore,
            GateId.DowngradeRunning => EtcdGate.DowngradeRunning,
            GateId.VersionHazard => EtcdGate.VersionHazard,
            GateId.SnapshotRunning => EtcdGate.SnapshotRunning,
            GateId.DiskTooFull => EtcdGate.DiskTooFull,
            GateId.DiskSpaceUnknown => EtcdGate.DiskSpaceUnknown,
            GateId.ProbeBudget => EtcdGate.ProbeBudget,
            _ => null,
        };

    /// <summary>Whether the user has overridden the gate.</summary>
    public static bool IsIn(IReadOnlySet<EtcdGate> overrides, GateId gate) =>
        Of(gate) is { } name && overrides.Contains(name);
}
