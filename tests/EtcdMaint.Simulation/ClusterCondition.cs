namespace EtcdMaint.Simulation;

/// <summary>The state in which a simulated cluster starts.</summary>
public enum ClusterCondition
{
    /// <summary>No maintenance is due.</summary>
    Tidy,

    /// <summary>More than half of each file is free, and history can be compacted.</summary>
    Fragmented,

    /// <summary>The files have reached the quota, most of their data is history, and NOSPACE is armed.</summary>
    OutOfSpace,

    /// <summary>The members accept calls and never answer.</summary>
    Silent,
}
