namespace EtcdMaint;

/// <summary>What a plan does in one cluster, and the state of the cluster on which it relies.</summary>
public sealed record EtcdClusterPlan
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

    /// <summary>
    /// Planned if the plan changes the cluster, and NothingToDo if no member would benefit. With any other status, the
    /// cluster could not be planned, and a run does not attempt it.
    /// </summary>
    public EtcdMaintenanceStatus Status { get; internal init; }

    /// <summary>Why the cluster is maintained, or why it is not, in one sentence.</summary>
    public string Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The members: those to defragment in the order of their turns, then the others.</summary>
    public EtcdList<EtcdMemberPlan> MemberPlan { get; internal init; } = [];

    /// <summary>The steps, in their order.</summary>
    public EtcdList<EtcdStepPlan> Step { get; internal init; } = [];

    /// <summary>The newest revision when the plan was made; null if it is unknown.</summary>
    public long? Revision { get; internal init; }

    /// <summary>
    /// The revision to which the compaction would have removed history when the plan was made. The run applies
    /// <c>KeepRevisions</c> and <c>KeepDuration</c> of the plan to the history that it finds. Null if the plan contains
    /// no compaction.
    /// </summary>
    public long? CompactionRevision { get; internal init; }

    /// <summary>The member that was the leader; null if it is unknown.</summary>
    public string? Leader => MemberPlan.FirstOrDefault(member => member.Role is EtcdMemberRole.Leader)?.ToString();

    /// <summary>The fewest bytes that the plan returns to the disks.</summary>
    public long BytesReclaimedMinimum => MemberPlan.Sum(member => member.BytesReclaimedMinimum ?? 0);

    /// <summary>The most bytes that the plan returns to the disks.</summary>
    public long BytesReclaimedMaximum => MemberPlan.Sum(member => member.BytesReclaimedMaximum ?? 0);

    /// <summary>The longest predicted pause of a member; null if no member is defragmented.</summary>
    public TimeSpan? LongestPause => MemberPlan.Max(member => member.PredictedDuration);

    /// <summary>The predicted pauses of all members together; null if no member is defragmented.</summary>
    public TimeSpan? TotalPause =>
        LongestPause is null
            ? null
            : TimeSpan.FromTicks(MemberPlan.Sum(member => member.PredictedDuration.GetValueOrDefault().Ticks));

    /// <summary>Whether the plan contains this step.</summary>
    internal bool Contains(string step) =>
        Step.Any(planned => planned.Name == step && planned.Status is EtcdMaintenanceStatus.Planned);

    /// <summary>The cluster, the status and the reason.</summary>
    public override string ToString() => $"{ClusterName}: {Status}, {Reason}";
}
