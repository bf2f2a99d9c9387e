namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>A page that has been written.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Flags">Its type.</param>
/// <param name="Count">The number of its elements.</param>
/// <param name="Overflow">The number of pages that continue it.</param>
/// <param name="Bucket">The bucket at the top level to which it belongs; empty for the root bucket.</param>
internal sealed record BoltPage(ulong Id, ushort Flags, int Count, uint Overflow, string Bucket)
{
    public const ushort Branch = 1;

    public const ushort Leaf = 2;

    public const ushort FreeList = 16;
}
