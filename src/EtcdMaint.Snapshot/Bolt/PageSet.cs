using System.Numerics;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>A set of pages: one bit for each page of the file, 256 KiB for 8 GB.</summary>
internal sealed class PageSet(ulong pages)
{
    private readonly ulong[] _bits = new ulong[(pages + 63) / 64];

    public long Count { get; private set; }

    public bool Contains(ulong page) => page < pages && (_bits[page / 64] >> (int)(page % 64) & 1) != 0;

    /// <returns>Whether the page was not yet in the set.</returns>
    public bool Add(ulong page)
    {
        ulong bit = 1UL << (int)(page % 64);
        ref ulong bits = ref _bits[page / 64];
        if ((bits & bit) != 0)
            return false;
        bits |= bit;
        Count++;
        return true;
    }

    /// <summary>The number of pages that are in neither set, and the first of them.</summary>
    public (long Count, ulong First) MissingFromBoth(PageSet other)
    {
        long count = 0;
        ulong first = 0;
        for (int i = 0; i < _bits.Length; i++)
        {
            ulong missing = ~(_bits[i] | other._bits[i]);
            ulong begin = (ulong)i * 64;
            if (pages - begin < 64)
                missing &= (1UL << (int)(pages - begin)) - 1;
            if (missing == 0)
                continue;
            if (count == 0)
                first = begin + (ulong)BitOperations.TrailingZeroCount(missing);
            count += BitOperations.PopCount(missing);
        }
        return (count, first);
    }
}
