using System.Text;
using EtcdMaint.Snapshot.Hashing;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>Collects the buckets of the database.</summary>
internal sealed class RootHandler(FindingLog log) : ILeafHandler
{
    /// <summary>etcd has ten buckets. Of a file with more than this number, the rest is not read.</summary>
    private const int MostBuckets = 64;

    private const int LongestName = 64;

    private readonly List<(string Name, BucketRoot Bucket)> _buckets = [];

    public BackwardCrc Entries { get; } = new();

    public IReadOnlyList<(string Name, BucketRoot Bucket)> Buckets => _buckets;

    /// <summary>Whether a bucket may be missing from <see cref="Buckets"/>.</summary>
    public bool IsIncomplete { get; private set; }

    public void OnMissing() => IsIncomplete = true;

    public void OnLeaf(in LeafPage page)
    {
        for (int i = page.Count - 1; i >= 0; i--)
        {
            if (page.IsBucket(i) && BucketRoot.Parse(page.PageId, page.Value(i)) is { } bucket)
                Add(page.Key(i), bucket);
            else
                Reject(page.PageId, "contains a damaged bucket");
        }
    }

    private void Add(ReadOnlySpan<byte> name, BucketRoot bucket)
    {
        if (_buckets.Count == MostBuckets)
            Reject(bucket.PageId, $"contains more than {MostBuckets} buckets");
        else if (_buckets.Count < MostBuckets)
            _buckets.Add((Encoding.Latin1.GetString(name[..Math.Min(name.Length, LongestName)]), bucket));
    }

    private void Reject(ulong page, string what)
    {
        IsIncomplete = true;
        log.Add(SnapshotFindingKind.BucketInvalid, page, $"Page {page} {what}.");
    }
}
