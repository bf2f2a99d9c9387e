namespace EtcdMaint;

/// <summary>One step of a maintenance run.</summary>
public sealed class EtcdMaintenanceStep
{
    /// <summary>The name of the cluster in the connection.</summary>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The ID of the cluster, in lower-case hexadecimal; empty if no member answered.</summary>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The name of the step: Health, Snapshot, Compaction, Defrag, Alarm or Verification.</summary>
    public string Name
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The outcome.</summary>
    public EtcdMaintenanceStatus Status { get; internal init; }

    /// <summary>Why the step ran or did not run, and its result.</summary>
    public string Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The time of the start.</summary>
    public DateTimeOffset StartedAt { get; internal init; }

    /// <summary>The duration.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>The name and the status.</summary>
    public override string ToString() => $"{Name}: {Status}";
}
