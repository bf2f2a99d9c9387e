namespace EtcdMaint.Engine.Failures;

/// <summary>Whether a failure concerns one member or the whole cluster.</summary>
internal enum FailureScope
{
    /// <summary>It concerns the member or the connection to it. Another voter may answer the same call.</summary>
    OneMember,

    /// <summary>It concerns the cluster, the user or the access. Every voter would answer in the same way.</summary>
    WholeCluster,
}
