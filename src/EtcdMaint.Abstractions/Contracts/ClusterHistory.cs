namespace EtcdMaint;

/// <summary>The history of a cluster: the revisions that no compaction has removed.</summary>
/// <param name="Newest">The newest revision.</param>
/// <param name="ReadAt">The timestamp at which <paramref name="Newest"/> was read.</param>
/// <param name="Compacted">The compacted revision; null if it is unknown, 0 if there was no compaction.</param>
/// <param name="ApiServer">The compactions of the Kubernetes API server; null if there are none.</param>
internal sealed record ClusterHistory(long Newest, long ReadAt, long? Compacted, ApiServerCompaction? ApiServer)
{
    /// <summary>The measured revisions per second; null if they were not needed.</summary>
    public double? WritesPerSecond { get; init; }

    /// <summary>The number of revisions in the history; null if it is unknown.</summary>
    public long? Length => Newest - Compacted;
}

/// <summary>What the Kubernetes API server has recorded about its compactions.</summary>
/// <param name="Revision">The revision that it last compacted to, 0 if it only started; null if the record is
/// damaged.</param>
/// <param name="TickRevision">The revision at the time of its last record.</param>
internal sealed record ApiServerCompaction(long? Revision, long TickRevision)
{
    /// <summary>The estimated time since the last record; null if too few revisions followed to tell.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Whether the API server no longer compacts.</summary>
    public bool IsStale { get; init; }
}
