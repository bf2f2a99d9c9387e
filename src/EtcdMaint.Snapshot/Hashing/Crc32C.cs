using System.Buffers.Binary;
using System.Numerics;

namespace EtcdMaint.Snapshot.Hashing;

/// <summary>
/// The register of a CRC-32C (Castagnoli), which processors compute. The complement at the start and at the end of the
/// common CRC is left to the caller.
/// </summary>
internal static class Crc32C
{
    public static uint Append(uint register, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte b in bytes)
            register = BitOperations.Crc32C(register, b);
        return register;
    }
}
