namespace EtcdMaint;

/// <summary>What a defragmentation came to on one member.</summary>
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

    /// <summary>Where this member was reached.</summary>
    public string? Endpoint
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>How it ended.</summary>
    public EtcdDefragStatus Status { get; internal init; }

    /// <summary>Why <see cref="Status"/> is what it is; null when there is nothing to say.</summary>
    public string? Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>Size of the database file before, in bytes.</summary>
    public long? BytesBefore { get; internal init; }

    /// <summary>
    /// Size of the database file afterwards, in bytes; predicted while <see cref="Status"/> is Planned.
    /// </summary>
    public long? BytesAfter { get; internal init; }

    /// <summary>
    /// Bytes given back to the disk; predicted while <see cref="Status"/> is Planned, negative if the file grew.
    /// </summary>
    public long? BytesReclaimed => BytesBefore - BytesAfter;

    /// <summary>When the member began to stand still; null when it never did.</summary>
    public DateTimeOffset? StartedAt { get; internal init; }

    /// <summary>How long the member was expected to stand still.</summary>
    public TimeSpan? PredictedDuration { get; internal init; }

    /// <summary>How long the defragmentation took.</summary>
    public TimeSpan? Duration { get; internal init; }

    /// <summary>Whether the member led the cluster when its turn came.</summary>
    public bool? WasLeader { get; internal init; }

    /// <summary>The longest time that a light read on another member took meanwhile; null when none was sent.</summary>
    public TimeSpan? WorstStall { get; internal init; }

    /// <summary>
    /// The time that light reads slower than 0.1 s took together, on the other member that felt it most; null when none
    /// was sent.
    /// </summary>
    public TimeSpan? TotalStall { get; internal init; }

    /// <summary>Raft terms that passed meanwhile; 0 means that nobody lost the lead.</summary>
    public long? TermChanges { get; internal init; }

    /// <inheritdoc/>
    public EtcdMember? Member { get; internal init; }

    UpstreamState IUpstreamResult.Upstream =>
        Status switch
        {
            EtcdDefragStatus.Planned => UpstreamState.Planned,
            EtcdDefragStatus.Failed or EtcdDefragStatus.TimedOut or EtcdDefragStatus.NotAttempted =>
                UpstreamState.Failed,
            _ => UpstreamState.Done,
        };

    /// <summary>Member and status.</summary>
    public override string ToString() => $"{Member?.ToString() ?? MemberId}: {Status}";
}
