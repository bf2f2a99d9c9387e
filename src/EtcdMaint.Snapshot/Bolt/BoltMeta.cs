using System.Buffers.Binary;
using EtcdMaint.Snapshot.Hashing;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>Whether a meta page can be used.</summary>
internal enum MetaState
{
    Valid,

    /// <summary>It has no magic number, so it may be anything.</summary>
    NoMagic,

    UnknownVersion,

    Damaged,
}

/// <summary>A meta page: where the database begins, and how large it is.</summary>
internal sealed record BoltMeta
{
    public MetaState State { get; private init; }

    public int PageSize { get; private init; }

    public ulong Root { get; private init; }

    public ulong FreeList { get; private init; }

    public ulong PageCount { get; private init; }

    public ulong Transaction { get; private init; }

    public bool HasFreeList => FreeList != BoltFormat.NoFreeList;

    /// <param name="id">The number of the page, 0 or 1.</param>
    /// <param name="page">The beginning of the page; it may be shorter than a page, if the file is.</param>
    public static BoltMeta Parse(ulong id, ReadOnlySpan<byte> page)
    {
        if (page.Length < BoltFormat.PageHeaderSize + BoltFormat.MetaSize)
            return new BoltMeta { State = MetaState.NoMagic };
        PageHeader header = PageHeader.Read(page);
        ReadOnlySpan<byte> content = page.Slice(BoltFormat.PageHeaderSize, BoltFormat.MetaSize);
        if (BinaryPrimitives.ReadUInt32LittleEndian(content) != BoltFormat.Magic)
            return new BoltMeta { State = MetaState.NoMagic };

        ulong checksum = BinaryPrimitives.ReadUInt64LittleEndian(content[56..]);
        uint pageSize = BinaryPrimitives.ReadUInt32LittleEndian(content[8..]);
        bool isIntact = checksum == Fnv1a64.Compute(content[..56]);
        if (isIntact && BinaryPrimitives.ReadUInt32LittleEndian(content[4..]) != BoltFormat.Version)
            return new BoltMeta { State = MetaState.UnknownVersion };
        bool isValid =
            isIntact
            && header.Id == id
            && header.Flags == BoltFormat.MetaFlag
            && uint.IsPow2(pageSize)
            && pageSize is >= BoltFormat.SmallestPageSize and <= BoltFormat.LargestPageSize;
        return new BoltMeta
        {
            State = isValid ? MetaState.Valid : MetaState.Damaged,
            PageSize = isValid ? (int)pageSize : 0,
            Root = BinaryPrimitives.ReadUInt64LittleEndian(content[16..]),
            FreeList = BinaryPrimitives.ReadUInt64LittleEndian(content[32..]),
            PageCount = BinaryPrimitives.ReadUInt64LittleEndian(content[40..]),
            Transaction = BinaryPrimitives.ReadUInt64LittleEndian(content[48..]),
        };
    }
}
