using System.Buffers.Binary;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>Where a bucket begins.</summary>
/// <param name="PageId">The page that describes the bucket.</param>
/// <param name="Root">The root page; 0 for an inline bucket.</param>
/// <param name="Inline">The page of an inline bucket; otherwise empty.</param>
internal sealed record BucketRoot(ulong PageId, ulong Root, byte[] Inline)
{
    public bool IsInline => Root == 0;

    /// <returns>Null if the value of the bucket is too short.</returns>
    public static BucketRoot? Parse(ulong pageId, ReadOnlySpan<byte> value)
    {
        if (value.Length < BoltFormat.BucketHeaderSize)
            return null;
        ulong root = BinaryPrimitives.ReadUInt64LittleEndian(value);
        if (root != 0)
            return new BucketRoot(pageId, root, []);
        // bbolt makes a bucket inline up to a quarter of a page.
        ReadOnlySpan<byte> page = value[BoltFormat.BucketHeaderSize..];
        return page.Length is >= BoltFormat.PageHeaderSize and <= BoltFormat.LargestPageSize
            ? new BucketRoot(pageId, 0, page.ToArray())
            : null;
    }
}
