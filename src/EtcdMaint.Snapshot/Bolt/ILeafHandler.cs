using EtcdMaint.Snapshot.Hashing;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>Receives the leaf pages of a bucket, from the last to the first.</summary>
internal interface ILeafHandler
{
    /// <param name="page">The page, valid during the call only.</param>
    void OnLeaf(in LeafPage page);

    /// <summary>The CRC of the keys and values of all pages.</summary>
    BackwardCrc Entries { get; }

    /// <summary>A page of the bucket could not be read, so that entries are missing.</summary>
    void OnMissing();
}
