using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>A bbolt file in memory, to be damaged.</summary>
internal sealed class BoltImage(byte[] bytes, int pageSize, IReadOnlyList<BoltPage> pages)
{
    public const int PageHeader = 16;

    public const int ElementSize = 16;

    private const int MetaChecksum = PageHeader + 56;

    /// <summary>The file without a checksum.</summary>
    public byte[] Bytes { get; set; } = bytes;

    public int PageSize { get; } = pageSize;

    public IReadOnlyList<BoltPage> Pages { get; } = pages;

    public BoltPage FreeList => Pages.Single(page => page.Flags == BoltPage.FreeList);

    public IReadOnlyList<BoltPage> Of(ushort flags, string bucket = "key") =>
        [.. Pages.Where(page => page.Flags == flags && page.Bucket == bucket)];

    public int Offset(BoltPage page) => (int)page.Id * PageSize;

    public Span<byte> At(BoltPage page) => Bytes.AsSpan(Offset(page), (int)(page.Overflow + 1) * PageSize);

    public Span<byte> Element(BoltPage page, int index) =>
        At(page).Slice(PageHeader + index * ElementSize, ElementSize);

    /// <summary>The key of a leaf element.</summary>
    public Span<byte> LeafKey(BoltPage page, int index)
    {
        Span<byte> element = Element(page, index);
        int start = PageHeader + index * ElementSize + BinaryPrimitives.ReadInt32LittleEndian(element[4..]);
        return At(page).Slice(start, BinaryPrimitives.ReadInt32LittleEndian(element[8..]));
    }

    /// <summary>The value of a leaf element.</summary>
    public Span<byte> LeafValue(BoltPage page, int index)
    {
        Span<byte> element = Element(page, index);
        int start = PageHeader + index * ElementSize + BinaryPrimitives.ReadInt32LittleEndian(element[4..]);
        int keySize = BinaryPrimitives.ReadInt32LittleEndian(element[8..]);
        return At(page).Slice(start + keySize, BinaryPrimitives.ReadInt32LittleEndian(element[12..]));
    }

    /// <summary>The content of a meta page; <see cref="SealMeta"/> makes a change valid.</summary>
    public Span<byte> Meta(int id) => Bytes.AsSpan(id * PageSize + PageHeader, 64);

    public void SealMeta(int id)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in Meta(id)[..56])
            hash = (hash ^ b) * 1099511628211;
        BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(id * PageSize + MetaChecksum), hash);
    }

    public BoltImage Copy() => new([.. Bytes], PageSize, Pages);

    /// <summary>The file as a server sends it.</summary>
    public byte[] WithChecksum() => [.. Bytes, .. SHA256.HashData(Bytes)];
}
