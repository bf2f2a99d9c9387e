using System.Text;

namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>
/// Writes protobuf messages as etcd does: in the order of the fields, without those that have no value.
/// </summary>
internal static class Proto
{
    public static byte[] KeyValue(byte[] key, long created, long modified, long version, byte[] value, long lease) =>
        [
            .. Bytes(1, key),
            .. Number(2, (ulong)created),
            .. Number(3, (ulong)modified),
            .. Number(4, (ulong)version),
            .. Bytes(5, value),
            .. Number(6, (ulong)lease),
        ];

    public static byte[] Number(int field, ulong value) =>
        value == 0 ? [] : [.. Varint((ulong)field << 3), .. Varint(value)];

    public static byte[] Bytes(int field, byte[] value) =>
        value.Length == 0 ? [] : [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)value.Length), .. value];

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static List<byte> Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return bytes;
    }
}
