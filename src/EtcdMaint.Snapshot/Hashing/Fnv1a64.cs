namespace EtcdMaint.Snapshot.Hashing;

/// <summary>The checksum of a meta page: FNV-1a with 64 bits.</summary>
internal static class Fnv1a64
{
    public static ulong Compute(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in bytes)
            hash = (hash ^ b) * 1099511628211;
        return hash;
    }
}
