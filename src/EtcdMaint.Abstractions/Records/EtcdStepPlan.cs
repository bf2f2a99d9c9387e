namespace EtcdMaint;

/// <summary>One step of a plan for a cluster.</summary>
public sealed record EtcdStepPlan
{
    /// <summary>The name of the step: Health, Snapshot, Compaction, Defrag or Alarm.</summary>
    public string Name
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>Planned if the run takes the step. A health check always takes place.</summary>
    public EtcdMaintenanceStatus Status { get; internal init; }

    /// <summary>Why the step is planned or is not, and its expected result.</summary>
    public string Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The name and the status.</summary>
    public override string ToString() => $"{Name}: {Status}";
}
