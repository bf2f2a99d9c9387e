using System.Numerics;

namespace EtcdMaint.Snapshot.Hashing;

/// <summary>
/// Polynomials over GF(2) modulo the polynomial of CRC-32C. As in the register of the CRC, the highest bit is the
/// coefficient of x^0. A register that n more bytes pass through is multiplied by x^(8n).
/// </summary>
internal static class Crc32CAlgebra
{
    /// <summary>The polynomial 1.</summary>
    public const uint One = 0x8000_0000;

    /// <summary>The polynomial of CRC-32C (RFC 3720, section 12.1), without x^32, bit-reversed.</summary>
    private const uint Castagnoli = 0x82F6_3B78;

    private const int TableBits = 12;

    /// <summary>x^(8n) for small n, which is the length of what one page contributes.</summary>
    private static readonly uint[] Small = BuildSmall();

    /// <summary>x^(8 * 2^(12 + n)).</summary>
    private static readonly uint[] Squares = BuildSquares();

    public static uint Multiply(uint a, uint b)
    {
        uint product = 0;
        for (; a != 0; a <<= 1)
        {
            // Without a branch that the processor cannot predict.
            product ^= b & (uint)((int)a >> 31);
            b = (b >> 1) ^ (Castagnoli & (0u - (b & 1)));
        }
        return product;
    }

    /// <summary>x^(8 * bytes).</summary>
    public static uint PowerOfBytes(long bytes)
    {
        uint power = Small[bytes & (Small.Length - 1)];
        ulong rest = (ulong)bytes >> TableBits;
        for (int n = 0; rest != 0; n++, rest >>= 1)
            if ((rest & 1) != 0)
                power = Multiply(power, Squares[n]);
        return power;
    }

    private static uint[] BuildSmall()
    {
        uint[] powers = new uint[1 << TableBits];
        powers[0] = One;
        for (int n = 1; n < powers.Length; n++)
            powers[n] = BitOperations.Crc32C(powers[n - 1], (byte)0);
        return powers;
    }

    private static uint[] BuildSquares()
    {
        uint[] squares = new uint[64 - TableBits];
        squares[0] = BitOperations.Crc32C(Small[^1], (byte)0);
        for (int n = 1; n < squares.Length; n++)
            squares[n] = Multiply(squares[n - 1], squares[n - 1]);
        return squares;
    }
}
