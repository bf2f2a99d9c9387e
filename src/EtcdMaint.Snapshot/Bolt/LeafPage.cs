using System.Buffers.Binary;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>A leaf page, or the page inside an inline bucket, after its elements were checked.</summary>
internal readonly ref struct LeafPage(ReadOnlySpan<byte> bytes, int count, ulong pageId)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Count { get; } = count;

    /// <summary>The page; for an inline bucket, the page that contains it.</summary>
    public ulong PageId { get; } = pageId;

    public bool IsBucket(int index) => (Number(index, 0) & BoltFormat.BucketFlag) != 0;

    public ReadOnlySpan<byte> Key(int index) => _bytes.Slice(Start(index), (int)Number(index, 8));

    public ReadOnlySpan<byte> Value(int index) =>
        _bytes.Slice(Start(index) + (int)Number(index, 8), (int)Number(index, 12));

    /// <summary>The key and, right behind it, the value.</summary>
    public ReadOnlySpan<byte> KeyAndValue(int index) => _bytes[Start(index)..End(index)];

    /// <summary>
    /// The keys and values from one element to another one, which is included: they follow each other without gaps.
    /// </summary>
    public ReadOnlySpan<byte> KeysAndValues(int first, int last) => _bytes[Start(first)..End(last)];

    /// <summary>The position of an element counts from the element itself.</summary>
    private int Start(int index) => Element(index) + (int)Number(index, 4);

    private int End(int index) => Start(index) + (int)(Number(index, 8) + Number(index, 12));

    private uint Number(int index, int field) =>
        BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(Element(index) + field)..]);

    private static int Element(int index) => BoltFormat.PageHeaderSize + index * BoltFormat.LeafElementSize;
}
