namespace EtcdMaint.TestCluster;

/// <summary>The state of the process of a member.</summary>
public enum MemberState
{
    NotStarted,
    Running,

    /// <summary>Suspended by SIGSTOP: its ports accept connections, but it does not answer.</summary>
    Paused,
    Ended,
}
