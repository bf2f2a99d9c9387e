using System.Buffers.Binary;

namespace EtcdMaint.Snapshot.Content;

/// <summary>
/// The key of a revision (<c>mvcc/revision.go</c>): main revision with 8 bytes, big-endian; <c>_</c>; sub revision with
/// 8 bytes; and <c>t</c> for a tombstone. The order of the bytes is that of the revisions.
/// </summary>
internal readonly record struct RevisionKey(long Main, long Sub, bool IsTombstone)
{
    private const int PlainLength = 17;
    private const byte TombstoneMark = (byte)'t';

    public static bool TryParse(ReadOnlySpan<byte> key, out RevisionKey revision)
    {
        revision = default;
        bool isMarked = key.Length == PlainLength + 1;
        if ((key.Length != PlainLength && !isMarked) || key[8] != '_' || (isMarked && key[^1] != TombstoneMark))
            return false;
        long main = BinaryPrimitives.ReadInt64BigEndian(key);
        long sub = BinaryPrimitives.ReadInt64BigEndian(key[9..]);
        revision = new RevisionKey(main, sub, isMarked);
        return main >= 0 && sub >= 0;
    }
}
