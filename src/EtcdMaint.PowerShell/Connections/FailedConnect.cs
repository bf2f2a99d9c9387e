using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <summary>A Connect-EtcdCluster that did not connect to every specified cluster.</summary>
/// <param name="Reason">The clusters and the cause, as the end of a sentence.</param>
/// <param name="Cause">The first error; null if PowerShell rejected the input or the call was stopped.</param>
internal sealed record FailedConnect(string Reason, EtcdException? Cause)
{
    /// <summary>An attempt that has not connected to a cluster yet, or received no input.</summary>
    public static FailedConnect Unfinished { get; } = new("connected to no cluster", null);

    /// <summary>An attempt for which PowerShell rejected some of the input.</summary>
    public static FailedConnect Incomplete { get; } = new("did not connect to every cluster that was specified", null);

    /// <summary>An attempt whose records all belong to other shards.</summary>
    public static FailedConnect NoneIn(Shard shard) =>
        new($"connected to no cluster, because its records are not in shard {shard}", null);
}
