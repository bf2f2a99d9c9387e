namespace EtcdMaint;

/// <summary>The whole runbook over one cluster: what was found, what was done and why, and what came of it.</summary>
public sealed class EtcdMaintenanceReport
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

    /// <summary>How the run ended.</summary>
    public EtcdMaintenanceStatus Status { get; internal init; }

    /// <summary>Why it ended that way, in one sentence.</summary>
    public string Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; internal init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>The steps, in the order in which they were taken.</summary>
    public EtcdMaintenanceStep[] Step { get; internal init; } = [];

    /// <summary>The members as they were found.</summary>
    public EtcdMemberStatus[] Before { get; internal init; } = [];

    /// <summary>The members as they were left; empty when nothing was touched.</summary>
    public EtcdMemberStatus[] After { get; internal init; } = [];

    /// <summary>The snapshot that was taken first; null when none was asked for.</summary>
    public EtcdSnapshot? Snapshot { get; internal init; }

    /// <summary>What the compaction came to, a row a member.</summary>
    public EtcdCompactionResult[] Compaction { get; internal init; } = [];

    /// <summary>What the defragmentation came to, a row a member, in the order of the run.</summary>
    public EtcdDefragResult[] Defrag { get; internal init; } = [];

    /// <summary>Alarms that were cleared, or would be.</summary>
    public EtcdAlarm[] Alarm { get; internal init; } = [];

    /// <summary>What the health check found before.</summary>
    public EtcdFinding[] FindingBefore { get; internal init; } = [];

    /// <summary>What the health check found afterwards.</summary>
    public EtcdFinding[] FindingAfter { get; internal init; } = [];

    /// <summary>The voters' hashes before; empty where they could not be compared.</summary>
    public EtcdMemberHash[] HashBefore { get; internal init; } = [];

    /// <summary>The voters' hashes afterwards; empty where they could not be compared or nothing was touched.</summary>
    public EtcdMemberHash[] HashAfter { get; internal init; } = [];

    /// <summary>The story of the run, in order: what <c>-Verbose</c> and the warnings said.</summary>
    public EtcdMaintenanceEvent[] Event { get; internal init; } = [];

    /// <summary>What went wrong, each as <c>ErrorId: sentence</c>.</summary>
    public string[] Error
    {
        get;
        internal init => field = PlainText.Of(value);
    } = [];

    /// <summary>Whether the run began to change the cluster. A snapshot does not.</summary>
    internal bool ChangeBegan { get; init; }

    /// <summary>Whether rows of the report were lost when it was serialized.</summary>
    internal bool IsTruncated { get; init; }

    /// <summary>
    /// Bytes given back to the disks of all members; predicted while <see cref="Status"/> is Planned.
    /// </summary>
    public long BytesReclaimed => Defrag.Sum(d => d.BytesReclaimed ?? 0);

    /// <summary>Cluster, status and reason.</summary>
    public override string ToString() => $"{ClusterName}: {Status}, {Reason}";
}
