namespace EtcdMaint;

/// <summary>
/// The report on the runbook in one cluster: the findings, the actions with their reasons, and the results.
/// </summary>
public sealed class EtcdMaintenanceReport
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

    /// <summary>The ring of the cluster, as in the connection; null for none.</summary>
    public int? Ring { get; internal set; }

    /// <summary>The outcome of the run.</summary>
    public EtcdMaintenanceStatus Status { get; internal init; }

    /// <summary>The reason for the outcome, in one sentence.</summary>
    public string Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The ID of the plan that the run followed; null for a run without a plan.</summary>
    public string? PlanId
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The time of the start.</summary>
    public DateTimeOffset StartedAt { get; internal init; }

    /// <summary>The duration.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>The steps, in the order in which they ran.</summary>
    public EtcdList<EtcdMaintenanceStep> Step { get; internal init; } = [];

    /// <summary>The status of the members before the run.</summary>
    public EtcdList<EtcdMemberStatus> Before { get; internal init; } = [];

    /// <summary>The status of the members after the run; empty if the run changed nothing.</summary>
    public EtcdList<EtcdMemberStatus> After { get; internal init; } = [];

    /// <summary>The snapshot that was taken first; null if none was requested.</summary>
    public EtcdSnapshot? Snapshot { get; internal init; }

    /// <summary>The results of the compaction, with one row for each member.</summary>
    public EtcdList<EtcdCompactionResult> Compaction { get; internal init; } = [];

    /// <summary>The results of the defragmentation, with one row for each member, in the order of the run.</summary>
    public EtcdList<EtcdDefragResult> Defrag { get; internal init; } = [];

    /// <summary>The alarms that were cleared or would be cleared.</summary>
    public EtcdList<EtcdAlarm> Alarm { get; internal init; } = [];

    /// <summary>The findings of the health check before the run.</summary>
    public EtcdList<EtcdFinding> FindingBefore { get; internal init; } = [];

    /// <summary>The findings of the health check after the run.</summary>
    public EtcdList<EtcdFinding> FindingAfter { get; internal init; } = [];

    /// <summary>The hashes of the voters before the run; empty if they could not be compared.</summary>
    public EtcdList<EtcdMemberHash> HashBefore { get; internal init; } = [];

    /// <summary>
    /// The hashes of the voters after the run; empty if they could not be compared or the run changed nothing.
    /// </summary>
    public EtcdList<EtcdMemberHash> HashAfter { get; internal init; } = [];

    /// <summary>
    /// The leader-election leases of Kubernetes before the first member was defragmented. Null if no member was, or if
    /// the leases could not be read; empty if the cluster stores none.
    /// </summary>
    public EtcdList<EtcdLease>? LeaseBefore { get; internal init; }

    /// <summary>The same leases after the last member; null if they are unknown.</summary>
    public EtcdList<EtcdLease>? LeaseAfter { get; internal init; }

    /// <summary>The leases that their holders lost during the run; null if this is unknown.</summary>
    public EtcdList<EtcdLostLease>? LeaseLost { get; internal init; }

    /// <summary>
    /// The largest resources with their estimated bytes, the largest first, if a finding says that the database is too
    /// large. Otherwise it is empty, and also if they could not be read.
    /// </summary>
    public EtcdList<EtcdSpaceUsage> LargestResource { get; internal init; } = [];

    /// <summary>The log of the run, in order: the messages of <c>-Verbose</c> and the warnings.</summary>
    public EtcdList<EtcdMaintenanceEvent> Event { get; internal init; } = [];

    /// <summary>The errors, each as <c>ErrorId: message</c>.</summary>
    public EtcdList<string> Error
    {
        get;
        internal init => field = PlainText.Of(value);
    } = [];

    /// <summary>
    /// Whether the cluster was maintained in an earlier run. The report is that of the earlier run, from the journal
    /// (<c>-ResumePath</c>).
    /// </summary>
    public bool IsResumed { get; internal set; }

    /// <summary>
    /// The exit code for a script that maintained this cluster: 0 for success, 1 if the run failed and an operator must
    /// look at it, 2 if the run was not finished and can be repeated safely. Of the reports of several clusters, 1
    /// takes precedence over 2.
    /// </summary>
    public int ExitCode =>
        Status switch
        {
            EtcdMaintenanceStatus.Failed => 1,
            EtcdMaintenanceStatus.NotAttempted or EtcdMaintenanceStatus.Unreachable => 2,
            _ => 0,
        };

    /// <summary>The compacted revision before the run; null if it is unknown, 0 if there was no compaction.</summary>
    internal long? CompactedRevisionBefore { get; init; }

    /// <summary>The same after the run; null if it is unknown or the run changed nothing.</summary>
    internal long? CompactedRevisionAfter { get; init; }

    /// <summary>Whether the run began to change the cluster. A snapshot does not.</summary>
    internal bool ChangeBegan { get; init; }

    /// <summary>Whether rows of the report were lost when it was serialized.</summary>
    internal bool IsTruncated { get; init; }

    /// <summary>The bytes returned to the disks of all members; predicted if <see cref="Status"/> is Planned.</summary>
    public long BytesReclaimed => Defrag.Sum(d => d.BytesReclaimed ?? 0);

    /// <summary>The reason as tables and pages show it.</summary>
    internal string ShownReason => IsResumed ? $"done in an earlier run: {Reason}" : Reason;

    internal EtcdMaintenanceReport AsResumed(int? ring)
    {
        var resumed = (EtcdMaintenanceReport)MemberwiseClone();
        (resumed.IsResumed, resumed.Ring) = (true, ring);
        return resumed;
    }

    /// <summary>The cluster, the status and the reason.</summary>
    public override string ToString() => $"{ClusterName}: {Status}, {Reason}";
}
