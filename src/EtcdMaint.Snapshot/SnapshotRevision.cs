namespace EtcdMaint.Snapshot;

/// <summary>Sees one revision of a key. The spans of the revision are valid during the call only.</summary>
/// <param name="revision">The revision.</param>
public delegate void SnapshotRevisionVisitor(in SnapshotRevision revision);

/// <summary>One stored revision of a key: a put or, as a tombstone, a deletion.</summary>
public readonly ref struct SnapshotRevision
{
    /// <summary>The revision of the transaction.</summary>
    public long Main { get; internal init; }

    /// <summary>The number of the change within its transaction.</summary>
    public long Sub { get; internal init; }

    /// <summary>Whether this revision deletes the key.</summary>
    public bool IsTombstone { get; internal init; }

    /// <summary>
    /// Whether this is the newest revision of a key that exists. All other revisions are history, which a compaction to
    /// the newest revision removes.
    /// </summary>
    public bool IsLive { get; internal init; }

    /// <summary>The key.</summary>
    public ReadOnlySpan<byte> Key { get; internal init; }

    /// <summary>The value; empty for a tombstone.</summary>
    public ReadOnlySpan<byte> Value { get; internal init; }

    /// <summary>The revision that created the key; 0 for a tombstone.</summary>
    public long CreateRevision { get; internal init; }

    /// <summary>The number of puts since the key was created; 0 for a tombstone.</summary>
    public long Version { get; internal init; }

    /// <summary>The ID of the lease; 0 for none.</summary>
    public long LeaseId { get; internal init; }

    /// <summary>
    /// The bytes that the revision takes in the database: its entry in the page, its revision, and the encoded key and
    /// value.
    /// </summary>
    public long StoredBytes { get; internal init; }
}
