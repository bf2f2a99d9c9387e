namespace EtcdMaint.SizeHistory;

/// <summary>A line of a history: the members of a cluster at one time, or before and after a run.</summary>
internal sealed record HistoryRecord
{
    public required string ClusterName { get; init; }

    public required string ClusterId { get; init; }

    /// <summary>The time of the status, or of the start of the run.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The end of the run; null for a status.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The outcome of the run; null for a status.</summary>
    public string? Status { get; init; }

    /// <summary>The newest revision.</summary>
    public long? Revision { get; init; }

    /// <summary>The compacted revision at the start; null if it is unknown.</summary>
    public long? CompactRevision { get; init; }

    /// <summary>The compacted revision after the run; null if it is unknown.</summary>
    public long? CompactRevisionAfter { get; init; }

    public IReadOnlyList<HistoryMember> Member { get; init; } = [];
}

/// <summary>A member in a line of a history. Sizes are in bytes.</summary>
internal sealed record HistoryMember
{
    public required string MemberId { get; init; }

    public required string MemberName { get; init; }

    public long? QuotaBytes { get; init; }

    public required long DbSize { get; init; }

    public required long DbSizeInUse { get; init; }

    /// <summary>The size of the file after the run; null if it did not change anything or was not read.</summary>
    public long? DbSizeAfter { get; init; }

    public long? DbSizeInUseAfter { get; init; }

    public bool IsDefragmented { get; init; }

    public long BytesReclaimed { get; init; }
}
