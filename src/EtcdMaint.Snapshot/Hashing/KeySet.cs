using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace EtcdMaint.Snapshot.Hashing;

/// <summary>
/// A set of keys of users. It holds 96 bits of a hash instead of the key: two of ten million keys are confused with a
/// probability below 1e-15. Open addressing with linear probing; one slot takes 12 bytes.
/// </summary>
internal sealed class KeySet
{
    private const int FirstSlots = 1 << 10;

    private Slot[] _slots = new Slot[FirstSlots];
    private int _count;

    public int Count => _count;

    /// <returns>Whether the key was not yet in the set.</returns>
    public bool Add(ReadOnlySpan<byte> key)
    {
        Slot hash = Hash(key);
        int slot = Find(hash);
        if (slot >= 0)
            return false;
        if (_count >= _slots.Length / 4 * 3)
        {
            Grow();
            slot = Find(hash);
        }
        _slots[~slot] = hash;
        _count++;
        return true;
    }

    /// <returns>Whether the key was in the set.</returns>
    public bool Remove(ReadOnlySpan<byte> key)
    {
        int hole = Find(Hash(key));
        if (hole < 0)
            return false;
        Close(hole);
        _count--;
        return true;
    }

    /// <summary>The slot of the key, or the complement of the free slot where the search ended.</summary>
    private int Find(Slot hash)
    {
        int mask = _slots.Length - 1;
        for (int index = (int)hash.High & mask; ; index = (index + 1) & mask)
        {
            ref readonly Slot slot = ref _slots[index];
            if (slot.High == 0)
                return ~index;
            if (slot.High == hash.High && slot.Low == hash.Low)
                return index;
        }
    }

    /// <summary>Moves later entries back, so that each is found from its first slot without a gap.</summary>
    private void Close(int hole)
    {
        int mask = _slots.Length - 1;
        for (int index = (hole + 1) & mask; _slots[index].High != 0; index = (index + 1) & mask)
        {
            int first = (int)_slots[index].High & mask;
            if (((index - first) & mask) < ((index - hole) & mask))
                continue;
            _slots[hole] = _slots[index];
            hole = index;
        }
        _slots[hole] = default;
    }

    private void Grow()
    {
        Slot[] slots = _slots;
        _slots = new Slot[slots.Length * 2];
        foreach (Slot slot in slots)
            if (slot.High != 0)
                _slots[~Find(slot)] = slot;
    }

    private static Slot Hash(ReadOnlySpan<byte> key)
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
        return new Slot(high == 0 ? 1 : high, (uint)Finish(b));
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

    /// <summary>Without padding between slots.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = sizeof(uint))]
    private readonly record struct Slot(ulong High, uint Low);
}
