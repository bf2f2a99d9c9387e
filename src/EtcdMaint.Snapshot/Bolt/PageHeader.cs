using System.Buffers.Binary;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>The header of a page.</summary>
/// <param name="Id">The number of the page.</param>
/// <param name="Flags">The type.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="Overflow">The number of pages that continue this one.</param>
internal readonly record struct PageHeader(ulong Id, ushort Flags, ushort Count, uint Overflow)
{
    public static PageHeader Read(ReadOnlySpan<byte> page) =>
        new(
            BinaryPrimitives.ReadUInt64LittleEndian(page),
            BinaryPrimitives.ReadUInt16LittleEndian(page[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(page[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(page[12..])
        );
}
