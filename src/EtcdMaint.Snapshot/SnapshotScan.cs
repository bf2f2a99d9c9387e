namespace EtcdMaint.Snapshot;

/// <summary>The result of a scan.</summary>
public sealed record SnapshotScan
{
    /// <summary>Whether the scan found no damage.</summary>
    public bool IsValid => FindingCount == 0;

    /// <summary>The damage, in the order in which it was found.</summary>
    public IReadOnlyList<SnapshotFinding> Findings { get; internal init; } = [];

    /// <summary>The number of findings, including those that were not kept.</summary>
    public long FindingCount { get; internal init; }

    /// <summary>The size of the file, in bytes.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>
    /// Whether the file ends with a SHA-256, as a snapshot from a server does. The copy of a database file has none.
    /// </summary>
    public bool HasChecksum { get; internal init; }

    /// <summary>
    /// The SHA-256 of the database without the checksum at the end of the file, in lower-case hexadecimal; null if it
    /// was not computed.
    /// </summary>
    public string? Sha256 { get; internal init; }

    /// <summary>The size of a page, in bytes; 0 if it is unknown.</summary>
    public int PageSize { get; internal init; }

    /// <summary>The number of pages of the database.</summary>
    public long PageCount { get; internal init; }

    /// <summary>The number of pages that are in use.</summary>
    public long UsedPageCount { get; internal init; }

    /// <summary>
    /// Whether the database contains a list of its free pages. etcd does not write one on Linux, and the list is then
    /// rebuilt when the database is opened.
    /// </summary>
    public bool HasFreeList { get; internal init; }

    /// <summary>The data of the cluster.</summary>
    public SnapshotContent Content { get; internal init; } = new();

    /// <summary>
    /// The newest revision: the revision at which a server continues that starts with this database. It is 0 if the
    /// keys could not be read.
    /// </summary>
    public long Revision { get; internal init; }

    /// <summary>The compacted revision; -1 before the first compaction.</summary>
    public long CompactRevision => Content.CompactRevision;

    /// <summary>The number of keys that exist at <see cref="Revision"/>.</summary>
    public long KeyCount { get; internal init; }

    /// <summary>The number of stored revisions, including tombstones.</summary>
    public long RevisionCount { get; internal init; }

    /// <summary>The number of stored tombstones.</summary>
    public long TombstoneCount { get; internal init; }

    /// <summary>The bytes of the existing keys and their values.</summary>
    public long LiveBytes { get; internal init; }

    /// <summary>
    /// The bytes that history takes: revisions that a compaction to <see cref="Revision"/> removes. See
    /// <see cref="SnapshotRevision.StoredBytes"/>.
    /// </summary>
    public long DeadStoredBytes { get; internal init; }

    /// <summary>
    /// The hash that a server with this database answers to HashKV at <see cref="Revision"/> with the compacted
    /// revision <see cref="CompactRevision"/>; null if the keys are damaged.
    /// </summary>
    public uint? Hash { get; internal init; }

    /// <summary>
    /// The hash that <c>etcdutl snapshot status</c> shows for this file: over all buckets, and therefore different for
    /// each member. It is null if the file is damaged.
    /// </summary>
    public uint? StatusHash { get; internal init; }
}
