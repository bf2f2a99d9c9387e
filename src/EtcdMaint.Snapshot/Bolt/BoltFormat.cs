namespace EtcdMaint.Snapshot.Bolt;

/// <summary>
/// The file format of bbolt. Source: <c>internal/common</c> of go.etcd.io/bbolt (<c>page.go</c>, <c>meta.go</c>,
/// <c>bucket.go</c>, <c>types.go</c>). All numbers are little-endian: bbolt writes them as the processor stores them.
/// </summary>
internal static class BoltFormat
{
    /// <summary>The header of a page: ID 8, flags 2, count 2, overflow 4 bytes.</summary>
    public const int PageHeaderSize = 16;

    /// <summary>An element of a branch page: position 4, key size 4, page ID 8 bytes.</summary>
    public const int BranchElementSize = 16;

    /// <summary>An element of a leaf page: flags 4, position 4, key size 4, value size 4 bytes.</summary>
    public const int LeafElementSize = 16;

    /// <summary>
    /// The value of a bucket: root page 8, sequence 8 bytes; then the page itself if the root page is 0.
    /// </summary>
    public const int BucketHeaderSize = 16;

    /// <summary>
    /// The content of a meta page: magic 4, version 4, page size 4, flags 4, root page 8, sequence 8, page of the free
    /// list 8, number of pages 8, transaction 8, checksum 8 bytes.
    /// </summary>
    public const int MetaSize = 64;

    public const uint Magic = 0xED0C_DAED;

    public const uint Version = 2;

    public const ushort BranchFlag = 0x01;

    public const ushort LeafFlag = 0x02;

    public const ushort MetaFlag = 0x04;

    public const ushort FreeListFlag = 0x10;

    /// <summary>The flag of a leaf element whose value is a bucket.</summary>
    public const uint BucketFlag = 0x01;

    /// <summary>The page of the free list if the database has none.</summary>
    public const ulong NoFreeList = ulong.MaxValue;

    /// <summary>The count of a free list whose real count is its first element.</summary>
    public const int CountIsFirstElement = 0xFFFF;

    /// <summary>
    /// bbolt searches the second meta page from 1 KiB on; no operating system uses pages above 64 KiB.
    /// </summary>
    public const int SmallestPageSize = 1024;

    public const int LargestPageSize = 64 * 1024;

    /// <summary>
    /// The largest page, with its overflow pages, that is read: one value of etcd is at most a request.
    /// </summary>
    public const int LargestRun = 64 * 1024 * 1024;

    /// <summary>A branch page has keys of one size class; with etcd's keys it never has an overflow page.</summary>
    public const int LargestBranchRun = 1024 * 1024;

    /// <summary>Trees, including nested buckets. A tree of 8 GB in pages of 4 KB has five levels.</summary>
    public const int MostLevels = 32;
}
