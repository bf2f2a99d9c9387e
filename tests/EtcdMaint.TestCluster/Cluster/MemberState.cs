namespace EtcdMaint.TestCluster;

/// <summary>What the process of a member does.</summary>
public enum MemberState
{
    NotStarted,
    Running,

    /// <summary>Stopped by SIGSTOP: its ports accept connections and nothing answers.</summary>
    Paused,
    Ended,
}
