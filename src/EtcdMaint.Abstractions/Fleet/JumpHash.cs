namespace EtcdMaint.Fleet;

/// <summary>
/// The jump consistent hash of Lamping and Veach (https://arxiv.org/abs/1406.2294): if the number of buckets grows from
/// n to n + 1, only one key in n + 1 changes its bucket, and it always goes to the new one.
/// </summary>
internal static class JumpHash
{
    private const ulong Multiplier = 2_862_933_555_777_941_757;

    /// <returns>A bucket, from 0 to <paramref name="buckets"/> - 1.</returns>
    public static int Bucket(ulong key, int buckets)
    {
        long bucket = -1;
        long next = 0;
        while (next < buckets)
        {
            bucket = next;
            key = unchecked((key * Multiplier) + 1);
            next = (long)((bucket + 1) * ((double)(1L << 31) / ((key >> 33) + 1)));
        }
        return (int)bucket;
    }
}
