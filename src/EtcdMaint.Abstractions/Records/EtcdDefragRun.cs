namespace EtcdMaint;

/// <summary>
/// The outcome of a defragmentation run in one cluster. It remains available after the pipeline was stopped.
/// </summary>
public sealed class EtcdDefragRun
{
    /// <summary>The name of the cluster in the connection.</summary>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The ID of the cluster, in lower-case hexadecimal.</summary>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The time at which the run began.</summary>
    public DateTimeOffset StartedAt { get; internal init; }

    /// <summary>The time at which the run ended.</summary>
    public DateTimeOffset EndedAt { get; internal init; }

    /// <summary>The outcome of the run, in one sentence.</summary>
    public string Outcome
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The results, in the order of the members in the run.</summary>
    public EtcdList<EtcdDefragResult> Result { get; internal init; } = [];

    /// <summary>
    /// The leader-election leases of Kubernetes that their holders lost during the run; null if this is unknown.
    /// </summary>
    public EtcdList<EtcdLostLease>? LeaseLost { get; internal init; }

    /// <summary>The outcome of the run.</summary>
    public override string ToString() => Outcome;
}
