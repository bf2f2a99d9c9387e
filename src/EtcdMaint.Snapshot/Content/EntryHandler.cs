using EtcdMaint.Snapshot.Bolt;
using EtcdMaint.Snapshot.Hashing;

namespace EtcdMaint.Snapshot.Content;

/// <summary>Passes each entry of a bucket on, and reports those that are damaged.</summary>
internal sealed class EntryHandler(string bucket, TryReadEntry tryRead, FindingLog log) : ILeafHandler
{
    /// <summary>Whether entries are missing or damaged.</summary>
    public bool IsDamaged { get; private set; }

    public BackwardCrc Entries { get; } = new();

    public void OnMissing() => IsDamaged = true;

    public void OnLeaf(in LeafPage page)
    {
        Entries.Prepend(page);
        for (int i = page.Count - 1; i >= 0; i--)
        {
            if (!page.IsBucket(i) && tryRead(page.Key(i), page.Value(i)))
                continue;
            IsDamaged = true;
            log.Add(
                SnapshotFindingKind.MetadataInvalid,
                page.PageId,
                $"Page {page.PageId} contains a damaged entry of the bucket {bucket}."
            );
        }
    }
}

/// <returns>Whether the entry is intact.</returns>
internal delegate bool TryReadEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);
