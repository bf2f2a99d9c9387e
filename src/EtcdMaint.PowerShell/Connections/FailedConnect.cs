namespace EtcdMaint.Cmdlets;

/// <summary>A Connect-EtcdCluster that did not connect to every cluster that it was given.</summary>
/// <param name="Reason">Which clusters, and why, as the end of a sentence.</param>
/// <param name="Cause">The first error; null when PowerShell refused the input or the call was stopped.</param>
internal sealed record FailedConnect(string Reason, EtcdException? Cause)
{
    /// <summary>An attempt that has connected to nothing yet, or got no input.</summary>
    public static FailedConnect Unfinished { get; } = new("connected to no cluster", null);

    /// <summary>An attempt some of whose input PowerShell refused.</summary>
    public static FailedConnect Incomplete { get; } = new("did not connect to every cluster that it was given", null);
}
