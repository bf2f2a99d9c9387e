using EtcdMaint.Snapshot.Hashing;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>Adds a page to a CRC.</summary>
internal static class LeafPageCrc
{
    /// <summary>Adds the keys and values of a page, which lies before all earlier ones.</summary>
    public static void Prepend(this BackwardCrc crc, in LeafPage page)
    {
        if (page.Count == 0)
            return;
        ReadOnlySpan<byte> entries = page.KeysAndValues(0, page.Count - 1);
        crc.Prepend(Crc32C.Append(0, entries), entries.Length);
    }
}
