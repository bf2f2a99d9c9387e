using EtcdMaint.Snapshot.Hashing;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>
/// Handles a bucket that etcd does not have: its pages, and those of buckets inside it, are only counted.
/// </summary>
internal sealed class PageCounter : ILeafHandler
{
    public BackwardCrc Entries { get; } = new();

    public void OnLeaf(in LeafPage page) => Entries.Prepend(page);

    public void OnMissing() { }
}
