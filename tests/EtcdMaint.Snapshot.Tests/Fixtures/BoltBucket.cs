namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>A bucket to write: its entries, and the buckets inside it.</summary>
internal sealed class BoltBucket
{
    public SortedDictionary<byte[], byte[]> Entries { get; } = new(ByteOrder.Instance);

    public SortedDictionary<byte[], BoltBucket> Buckets { get; } = new(ByteOrder.Instance);

    public BoltBucket With(byte[] key, byte[] value)
    {
        Entries[key] = value;
        return this;
    }
}

/// <summary>The order of keys in bbolt.</summary>
internal sealed class ByteOrder : IComparer<byte[]>
{
    public static ByteOrder Instance { get; } = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
