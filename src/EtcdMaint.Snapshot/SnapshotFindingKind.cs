namespace EtcdMaint.Snapshot;

/// <summary>The kinds of damage that a scan can find. The names are stable; scripts can match them.</summary>
public enum SnapshotFindingKind
{
    /// <summary>The file has no bytes, or it is not a regular file.</summary>
    FileEmpty,

    /// <summary>The file ends before the last page of its database.</summary>
    FileTruncated,

    /// <summary>The file ends within a page, or has bytes after its last page that are not a checksum.</summary>
    FileSizeInvalid,

    /// <summary>The operating system could not read a part of the file.</summary>
    ReadFailed,

    /// <summary>The SHA-256 at the end of the file is not that of its content.</summary>
    ChecksumMismatch,

    /// <summary>The file is not a bbolt database: neither meta page has its magic number.</summary>
    NotBoltFile,

    /// <summary>The database has a version of the file format that this library does not know.</summary>
    FormatVersionUnknown,

    /// <summary>A meta page is damaged: its checksum, its page header or one of its numbers is wrong.</summary>
    MetaPageDamaged,

    /// <summary>A page is referenced that lies outside the database.</summary>
    PageOutOfRange,

    /// <summary>A page contains the number of another page.</summary>
    PageIdMismatch,

    /// <summary>A page has another type than its place in the database requires.</summary>
    PageTypeInvalid,

    /// <summary>A page is referenced by more than one other page, or by itself.</summary>
    PageReferencedTwice,

    /// <summary>A page is larger than this library reads.</summary>
    PageTooLarge,

    /// <summary>An element of a page lies outside the page, overlaps another one, or has no key.</summary>
    ElementInvalid,

    /// <summary>
    /// The keys of a page are not in ascending order, or are not those that the parent page announces.
    /// </summary>
    KeyOrderInvalid,

    /// <summary>A tree has more levels than a real database can have.</summary>
    TreeTooDeep,

    /// <summary>The description of a bucket is damaged.</summary>
    BucketInvalid,

    /// <summary>The list of free pages is damaged.</summary>
    FreeListInvalid,

    /// <summary>A page is in use and also in the list of free pages.</summary>
    PageFreeAndUsed,

    /// <summary>Pages are neither in use nor in the list of free pages.</summary>
    PageUnreachable,

    /// <summary>The file is a bbolt database, but not one of etcd: a bucket that etcd always has is missing.</summary>
    NotEtcdDatabase,

    /// <summary>The key of a revision is not a revision.</summary>
    RevisionKeyInvalid,

    /// <summary>The value of a revision is not a key with its value.</summary>
    RevisionValueInvalid,

    /// <summary>The revision inside a value is not the revision under which the value is stored.</summary>
    RevisionMismatch,

    /// <summary>An entry of the cluster's own data, such as a member or the consistent index, is damaged.</summary>
    MetadataInvalid,
}
