namespace EtcdMaint;

internal sealed record CompactionRequest
{
    public required IReadOnlyList<MemberTarget> Targets { get; init; }

    /// <summary>The revision to compact to; null for the newest one.</summary>
    public long? Revision { get; init; }

    /// <summary>The number of revisions to keep below the newest one; 0 by default.</summary>
    public long KeepRevisions { get; init; }

    /// <summary>The time whose revisions are kept, at the rate of the writes that the compaction measures.</summary>
    public TimeSpan KeepDuration { get; init; }

    /// <summary>Whether the caller has decided about the history of an API server. Then there is no warning.</summary>
    public bool IsDecided { get; init; }

    public required TimeSpan CallTimeout { get; init; }

    public bool PlanOnly { get; init; }
}
