namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>The outcome of the defragmentation of one member.</summary>
internal sealed record DefragOutcome(EtcdDefragStatus Status, string? Reason = null)
{
    public long? BytesAfter { get; init; }

    /// <summary>What a plan reclaims, if the number is known only later.</summary>
    public ReclaimRange? Reclaims { get; init; }

    /// <summary>Whether the member was compared with its state before, and nothing was wrong.</summary>
    public bool IsVerified { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How long the run waited for the answer, with all delays of the access.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>
    /// How long the defragmentation took according to the metrics of the member, or null if they do not show it.
    /// </summary>
    public TimeSpan? MemberDuration { get; init; }

    public Impact? Impact { get; init; }

    public long? TermChanges { get; init; }

    /// <summary>The error that is reported after the row, or null.</summary>
    public EtcdException? Error { get; init; }

    /// <summary>The reason in few words, for a table; null if the reason is short.</summary>
    public string? Brief { get; init; }

    /// <summary>Why no other member may start, regardless of <c>-ContinueOnError</c>, or null if one may.</summary>
    public string? EndOfRun { get; init; }

    /// <summary>Whether the call was still pending when the run stopped waiting for it.</summary>
    public bool IsAbandoned { get; init; }

    /// <summary>
    /// Whether the lock is left to expire, because the next write would crash the member, or because the member may
    /// still start the defragmentation.
    /// </summary>
    public bool LeavesLock { get; init; }

    public static DefragOutcome Failed(EtcdException error) =>
        new(EtcdDefragStatus.Failed, error.Message) { Error = error };
}
