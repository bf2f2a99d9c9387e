namespace EtcdMaint.Engine.Failures;

/// <summary>Whom a failure concerns.</summary>
internal enum FailureScope
{
    /// <summary>The member, or the way to it. Another voter may answer the same call.</summary>
    OneMember,

    /// <summary>The cluster, the user or the way in. Each voter would answer the same.</summary>
    WholeCluster,
}
