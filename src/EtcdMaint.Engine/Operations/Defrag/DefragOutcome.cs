namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>How the work on one member ended.</summary>
internal sealed record DefragOutcome(EtcdDefragStatus Status, string? Reason = null)
{
    public long? BytesAfter { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public TimeSpan? Duration { get; init; }

    public Impact? Impact { get; init; }

    public long? TermChanges { get; init; }

    /// <summary>What is reported after the row; null when nothing went wrong.</summary>
    public EtcdException? Error { get; init; }

    /// <summary>Why no further member may start, whatever <c>-ContinueOnError</c> says; null when one may.</summary>
    public string? EndOfRun { get; init; }

    /// <summary>Whether the call was still pending when the run stopped waiting for it.</summary>
    public bool IsAbandoned { get; init; }

    /// <summary>
    /// Whether the lock is left to expire: the next write would crash the member, or the member may still begin what
    /// was sent.
    /// </summary>
    public bool LeavesLock { get; init; }

    public static DefragOutcome Failed(EtcdException error) =>
        new(EtcdDefragStatus.Failed, error.Message) { Error = error };
}
