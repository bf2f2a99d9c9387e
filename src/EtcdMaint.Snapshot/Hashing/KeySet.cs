using System.Buffers.Binary;
using System.Numerics;

namespace EtcdMaint.Snapshot.Hashing;

/// <summary>
/// A set of keys of users. It holds 96 bits of a hash instead of the key: two of ten million keys are confused with a
/// probability below 1e-15. Open addressing with linear probing; one slot takes 12 bytes.
/// </summary>
internal sealed class KeySet
{
    private const int FirstSlots = 1 << 10;

    private ulong[] _high = new ulong[FirstSlots];
    private uint[] _low = new uint[FirstSlots];
    private int _count;

    public int Count => _count;

    public bool Contains(ReadOnlySpan<byte> key)
    {
        (ulong high, uint low) = Hash(key);
        return Find(high, low) >= 0;
    }

    /// <returns>Whether the key was not yet in the set.</returns>
    public bool Add(ReadOnlySpan<byte> key)
    {
        (ulong high, uint low) = Hash(key);
        if (Find(high, low) >= 0)
            return false;
        if (_count >= _high.Length / 4 * 3)
            Grow();
        Place(high, low);
        _count++;
        return true;
    }

    /// <returns>Whether the key was in the set.</returns>
    public bool Remove(ReadOnlySpan<byte> key)
    {
        (ulong high, uint low) = Hash(key);
        int hole = Find(high, low);
        if (hole < 0)
            return false;
        Close(hole);
        _count--;
        return true;
    }

    /// <summary>The slot of the key, or the complement of the free slot where the search ended.</summary>
    private int Find(ulong high, uint low)
    {
        int mask = _high.Length - 1;
        for (int slot = (int)high & mask; ; slot = (slot + 1) & mask)
        {
            if (_high[slot] == 0)
                return ~slot;
            if (_high[slot] == high && _low[slot] == low)
                return slot;
        }
    }

    private void Place(ulong high, uint low)
    {
        int slot = ~Find(high, low);
        _high[slot] = high;
        _low[slot] = low;
    }

    /// <summary>Moves later entries back, so that each is found from its first slot without a gap.</summary>
    private void Close(int hole)
    {
        int mask = _high.Length - 1;
        for (int slot = (hole + 1) & mask; _high[slot] != 0; slot = (slot + 1) & mask)
        {
            int first = (int)_high[slot] & mask;
            if (((slot - first) & mask) < ((slot - hole) & mask))
                continue;
            _high[hole] = _high[slot];
            _low[hole] = _low[slot];
            hole = slot;
        }
        _high[hole] = 0;
    }

    private void Grow()
    {
        (ulong[] high, uint[] low) = (_high, _low);
        _high = new ulong[high.Length * 2];
        _low = new uint[high.Length * 2];
        for (int slot = 0; slot < high.Length; slot++)
            if (high[slot] != 0)
                Place(high[slot], low[slot]);
    }

    private static (ulong High, uint Low) Hash(ReadOnlySpan<byte> key)
    {
        ulong a = 0x9E37_79B9_7F4A_7C15 ^ (ulong)key.Length;
        ulong b = 0xC2B2_AE3D_27D4_EB4F;
        while (key.Length >= sizeof(ulong))
        {
            Mix(ref a, ref b, BinaryPrimitives.ReadUInt64LittleEndian(key));
            key = key[sizeof(ulong)..];
        }
        ulong rest = 0;
        foreach (byte value in key)
            rest = (rest << 8) | value;
        Mix(ref a, ref b, rest);
        ulong high = Finish(a ^ BitOperations.RotateLeft(b, 32));
        // 0 marks a free slot.
        return (high == 0 ? 1 : high, (uint)Finish(b));
    }

    private static void Mix(ref ulong a, ref ulong b, ulong word)
    {
        a = BitOperations.RotateLeft((a ^ word) * 0x9FB2_1C65_1E98_DF25, 31);
        b = (BitOperations.RotateLeft(b, 29) + word) * 0xD6E8_FEB8_6659_FD93;
        b ^= b >> 32;
    }

    /// <summary>The last step of MurmurHash3 with 64 bits.</summary>
    private static ulong Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51_AFD7_ED55_8CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CE_B9FE_1A85_EC53;
        return hash ^ (hash >> 33);
    }
}
