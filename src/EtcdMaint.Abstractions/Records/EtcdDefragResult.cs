namespace EtcdMaint;

/// <summary>The result of a defragmentation on one member.</summary>
public sealed class EtcdDefragResult : IUpstreamResult
{
    /// <inheritdoc/>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <inheritdoc/>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <inheritdoc/>
    public string MemberId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <inheritdoc/>
    public string MemberName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The endpoint at which this member was reached.</summary>
    public string? Endpoint
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The outcome.</summary>
    public EtcdDefragStatus Status { get; internal init; }

    /// <summary>The reason for <see cref="Status"/>; null if there is none to give.</summary>
    public string? Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The reason in few words, for a table; null if <see cref="Reason"/> is short.</summary>
    internal string? Brief
    {
        get;
        init => field = PlainText.Of(value);
    }

    /// <summary>The place of the member in the order of the run, from 1; null if it has no turn.</summary>
    public int? Order { get; internal init; }

    /// <summary>The role of the member when its turn began; null if it is unknown.</summary>
    public EtcdMemberRole? Role =>
        Member is { IsLearner: true } ? EtcdMemberRole.Learner
        : WasLeader is not { } was ? null
        : was ? EtcdMemberRole.Leader
        : EtcdMemberRole.Voter;

    /// <summary>The size of the database file before the defragmentation, in bytes.</summary>
    public long? BytesBefore { get; internal init; }

    /// <summary>
    /// The size of the database file after the defragmentation, in bytes; predicted if <see cref="Status"/> is Planned.
    /// </summary>
    public long? BytesAfter { get; internal init; }

    /// <summary>
    /// The bytes returned to the disk; predicted if <see cref="Status"/> is Planned, negative if the file grew.
    /// </summary>
    public long? BytesReclaimed => BytesBefore - BytesAfter;

    /// <summary>
    /// The fewest bytes that a planned defragmentation returns to the disk, if the number is known only later, for
    /// example after the compaction; null in every other case.
    /// </summary>
    public long? BytesReclaimedMinimum { get; internal init; }

    /// <summary>
    /// The most bytes that a planned defragmentation returns to the disk, if the number is known only later, for
    /// example after the compaction; null in every other case.
    /// </summary>
    public long? BytesReclaimedMaximum { get; internal init; }

    /// <summary>The time at which the pause of the member began; null if there was no pause.</summary>
    public DateTimeOffset? StartedAt { get; internal init; }

    /// <summary>The predicted pause of the member.</summary>
    public TimeSpan? PredictedDuration { get; internal init; }

    /// <summary>The duration of the defragmentation.</summary>
    public TimeSpan? Duration { get; internal init; }

    /// <summary>Whether the member was the leader when its turn began.</summary>
    public bool? WasLeader { get; internal init; }

    /// <summary>
    /// The duration of the slowest light read on another member during the pause, without the delay of the access; null
    /// if none was sent.
    /// </summary>
    public TimeSpan? WorstStall { get; internal init; }

    /// <summary>
    /// The total duration of the light reads that took longer than 0.1 s, without the delay of the access, on the other
    /// member with the largest total; null if none was sent.
    /// </summary>
    public TimeSpan? TotalStall { get; internal init; }

    /// <summary>The number of new raft terms during the defragmentation; 0 means that there was no election.</summary>
    public long? TermChanges { get; internal init; }

    /// <inheritdoc/>
    public EtcdMember? Member { get; internal init; }

    /// <summary>Whether the member was compared with its state before, and nothing was wrong.</summary>
    internal bool IsVerified { get; init; }

    UpstreamState IUpstreamResult.Upstream =>
        Status switch
        {
            EtcdDefragStatus.Planned => UpstreamState.Planned,
            EtcdDefragStatus.Failed or EtcdDefragStatus.TimedOut or EtcdDefragStatus.NotAttempted =>
                UpstreamState.Failed,
            _ => UpstreamState.Done,
        };

    string? IUpstreamResult.Brief => Brief;

    /// <summary>The member and the status.</summary>
    public override string ToString() => $"{Member?.ToString() ?? MemberId}: {Status}";
}
