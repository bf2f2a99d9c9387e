namespace EtcdMaint;

/// <summary>What a plan does with one member, and the state of the member on which it relies.</summary>
public sealed record EtcdMemberPlan
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

    /// <summary>The ID of the member, in lower-case hexadecimal.</summary>
    public string MemberId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The name of the member; empty if it has none.</summary>
    public string MemberName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>
    /// Planned if the member is defragmented, NotAttempted if it belongs to a cluster that could not be planned, and
    /// Skipped otherwise.
    /// </summary>
    public EtcdDefragStatus Status { get; internal init; }

    /// <summary>The reason for <see cref="Status"/>, or what the result depends on; null if there is none.</summary>
    public string? Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The place of the member in the order of the run, from 1; null if it has no turn.</summary>
    public int? Order { get; internal init; }

    /// <summary>
    /// Whether the figures during the run decide if the member is defragmented, by the thresholds of the plan: a
    /// compaction comes first, or the member reports free pages late.
    /// </summary>
    public bool IsDecidedLater { get; internal init; }

    /// <summary>The role of the member.</summary>
    public EtcdMemberRole Role { get; internal init; }

    /// <summary>The version of the server; null if the member did not answer.</summary>
    public string? Version
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>Whether the member answered.</summary>
    public bool IsReachable { get; internal init; }

    /// <summary>The size of the database file, in bytes.</summary>
    public long? DbSize { get; internal init; }

    /// <summary>The bytes of the file that hold data.</summary>
    public long? DbSizeInUse { get; internal init; }

    /// <summary>The backend quota in bytes; null if it is unknown.</summary>
    public long? QuotaBytes { get; internal init; }

    /// <summary>The alarms that are armed for the member.</summary>
    public EtcdList<EtcdAlarmType> Alarm { get; internal init; } = [];

    /// <summary>The predicted pause of the member; null if it has no turn.</summary>
    public TimeSpan? PredictedDuration { get; internal init; }

    /// <summary>The fewest bytes that the member returns to the disk; null if it has no turn.</summary>
    public long? BytesReclaimedMinimum { get; internal init; }

    /// <summary>The most bytes that the member returns to the disk; null if it has no turn.</summary>
    public long? BytesReclaimedMaximum { get; internal init; }

    /// <summary>The name of the member, or its ID if it has no name yet.</summary>
    public override string ToString() => MemberName.Length > 0 ? MemberName : MemberId;
}
