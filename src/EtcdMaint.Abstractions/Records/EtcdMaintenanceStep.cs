namespace EtcdMaint;

/// <summary>One step of a maintenance run.</summary>
public sealed class EtcdMaintenanceStep
{
    /// <summary>The name the connection gave the cluster.</summary>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The cluster's ID, lower-case hexadecimal; empty when nobody answered.</summary>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>Health, Snapshot, Compaction, Defrag, Alarm or Verification.</summary>
    public string Name
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>How it ended.</summary>
    public EtcdMaintenanceStatus Status { get; internal init; }

    /// <summary>Why it was done or not, and what came of it.</summary>
    public string Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; internal init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>Name and status.</summary>
    public override string ToString() => $"{Name}: {Status}";
}
