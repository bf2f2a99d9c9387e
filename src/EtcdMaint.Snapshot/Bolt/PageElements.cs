using System.Buffers.Binary;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>
/// Checks the elements of a page. bbolt writes the keys and values behind the elements, in their order and without gaps
/// (<c>WriteInodeToPage</c> in <c>internal/common/inode.go</c>, <c>node.write</c> before), so any other place is
/// damage.
/// </summary>
internal static class PageElements
{
    /// <param name="page">The page with the pages that continue it.</param>
    /// <param name="count">The number of elements, from the header.</param>
    /// <param name="isLeaf">Whether it is a leaf page; otherwise it is a branch page.</param>
    /// <param name="least">The smallest key that the page may contain.</param>
    /// <param name="limit">A key that is greater than all keys of the page; empty for none.</param>
    /// <returns>Null if the page is intact.</returns>
    public static SnapshotFindingKind? Check(
        ReadOnlySpan<byte> page,
        int count,
        bool isLeaf,
        ReadOnlySpan<byte> least,
        ReadOnlySpan<byte> limit
    )
    {
        // Elements of both types have the same size.
        long expected = BoltFormat.PageHeaderSize + (long)count * BoltFormat.LeafElementSize;
        if (expected > page.Length)
            return SnapshotFindingKind.ElementInvalid;

        ReadOnlySpan<byte> previous = default;
        for (int i = 0; i < count; i++)
        {
            int element = BoltFormat.PageHeaderSize + i * BoltFormat.LeafElementSize;
            ReadOnlySpan<byte> fields = page.Slice(element, BoltFormat.LeafElementSize);
            long start = element + (long)BinaryPrimitives.ReadUInt32LittleEndian(fields[(isLeaf ? 4 : 0)..]);
            uint keySize = BinaryPrimitives.ReadUInt32LittleEndian(fields[(isLeaf ? 8 : 4)..]);
            uint valueSize = isLeaf ? BinaryPrimitives.ReadUInt32LittleEndian(fields[12..]) : 0;
            long end = start + keySize + valueSize;
            bool hasUnknownFlags = isLeaf && BinaryPrimitives.ReadUInt32LittleEndian(fields) > BoltFormat.BucketFlag;
            if (start != expected || end > page.Length || keySize == 0 || hasUnknownFlags)
                return SnapshotFindingKind.ElementInvalid;
            expected = end;

            ReadOnlySpan<byte> key = page.Slice((int)start, (int)keySize);
            if (i == 0 ? key.SequenceCompareTo(least) < 0 : key.SequenceCompareTo(previous) <= 0)
                return SnapshotFindingKind.KeyOrderInvalid;
            previous = key;
        }
        // An empty limit is none: no key is below an empty one.
        return count > 0 && !limit.IsEmpty && previous.SequenceCompareTo(limit) >= 0
            ? SnapshotFindingKind.KeyOrderInvalid
            : null;
    }
}
