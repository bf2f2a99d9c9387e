namespace EtcdMaint;

/// <summary>How a defragmentation run over one cluster ended. It outlives a pipeline that was stopped.</summary>
public sealed class EtcdDefragRun
{
    /// <summary>The name the connection gave the cluster.</summary>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The cluster's ID, lower-case hexadecimal.</summary>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>When the run began.</summary>
    public DateTimeOffset StartedAt { get; internal init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset EndedAt { get; internal init; }

    /// <summary>One sentence that says how it ended.</summary>
    public string Outcome
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The results, in the order in which the members were worked on.</summary>
    public EtcdDefragResult[] Result { get; internal init; } = [];

    /// <summary>The sentence that says how it ended.</summary>
    public override string ToString() => Outcome;
}
