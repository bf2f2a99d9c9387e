namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>CRC-32C bit by bit, from its definition.</summary>
internal static class SlowCrc32C
{
    public static uint Append(uint register, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            register ^= b;
            for (int bit = 0; bit < 8; bit++)
                register = (register & 1) == 0 ? register >> 1 : (register >> 1) ^ 0x82F63B78;
        }
        return register;
    }
}
