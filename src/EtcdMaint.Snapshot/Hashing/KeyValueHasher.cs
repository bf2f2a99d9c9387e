namespace EtcdMaint.Snapshot.Hashing;

/// <summary>
/// Computes HashKV: the CRC-32C over the bucket's name and over key and value of each stored revision that counts
/// (<c>mvcc/hash.go</c> and <c>keep</c> in <c>mvcc/key_index.go</c>; <c>mvcc/kvstore.go</c> up to 3.5.4). Revisions
/// arrive from the newest to the oldest.
/// </summary>
/// <remarks>
/// <para>Above the compacted revision, every revision counts. Up to it, a revision counts if it is kept: if it is the
/// newest one of its key at the revision of the hash, and not a tombstone. So it does not matter whether the compaction
/// has already removed the others, and in which release it removes the last tombstone.</para>
/// <para>If no key exists at the revision of the hash, the server does not skip, and everything counts that the
/// compaction leaves: the newest revision of each key at the compacted revision, without tombstones.</para>
/// </remarks>
internal sealed class KeyValueHasher(long revision, long compactRevision, long finishedCompactRevision)
{
    private readonly BackwardCrc _kept = new();
    private readonly BackwardCrc _stored = new();
    private KeyHistory? _historyUpToCompaction;
    private bool _isAnyKept;

    /// <summary>Decides whether a revision counts, for both cases.</summary>
    /// <param name="key">The key.</param>
    /// <param name="main">The revision.</param>
    /// <param name="isTombstone">Whether it deletes the key.</param>
    /// <param name="isCreation">Whether it created the key.</param>
    /// <param name="isNewest">Whether it is the newest revision of its key at the revision of the hash.</param>
    public HashedIn Classify(ReadOnlySpan<byte> key, long main, bool isTombstone, bool isCreation, bool isNewest)
    {
        if (main > revision)
            return HashedIn.None;
        bool isKept = isNewest && !isTombstone;
        _isAnyKept |= isKept;
        if (main > compactRevision)
            return HashedIn.Both;
        if (_isAnyKept)
            return isKept ? HashedIn.Kept : HashedIn.None;

        _historyUpToCompaction ??= new KeyHistory(finishedCompactRevision);
        bool isLeft = _historyUpToCompaction.IsNewest(key, main, isCreation) && !isTombstone;
        return isLeft ? HashedIn.Stored : HashedIn.None;
    }

    /// <summary>Adds the revisions of one page that count, which lie before all earlier ones.</summary>
    /// <param name="hashedIn">The case.</param>
    /// <param name="register">The register of the CRC after them, starting from 0.</param>
    /// <param name="length">Their bytes.</param>
    public void Prepend(HashedIn hashedIn, uint register, long length) =>
        (hashedIn == HashedIn.Kept ? _kept : _stored).Prepend(register, length);

    /// <summary>Whether the case of no existing keys is still possible.</summary>
    public bool NeedsStored => !_isAnyKept;

    public uint Finish() => (_isAnyKept ? _kept : _stored).Finish("key"u8);
}

/// <summary>Which of the two hashes a revision counts in.</summary>
[Flags]
internal enum HashedIn : byte
{
    None = 0,

    /// <summary>In the hash if a key exists.</summary>
    Kept = 1,

    /// <summary>In the hash if no key exists.</summary>
    Stored = 2,

    Both = Kept | Stored,
}
