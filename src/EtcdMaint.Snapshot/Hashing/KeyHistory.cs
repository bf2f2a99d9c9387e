namespace EtcdMaint.Snapshot.Hashing;

/// <summary>
/// Tells which revision of each key is the newest, while revisions arrive from the newest to the oldest. It remembers a
/// key only from its newest revision to its oldest one.
/// </summary>
/// <param name="finishedCompactRevision">
/// Up to this revision, the database contains at most one revision of a key.
/// </param>
internal sealed class KeyHistory(long finishedCompactRevision)
{
    private readonly KeySet _keysWithOlderRevisions = new();

    /// <param name="key">The key.</param>
    /// <param name="main">The revision.</param>
    /// <param name="isCreation">Whether the revision created the key (version 1): before it is a tombstone or nothing,
    /// and it does not matter whether a tombstone is the newest revision.</param>
    /// <returns>Whether no newer revision of the key has arrived.</returns>
    public bool IsNewest(ReadOnlySpan<byte> key, long main, bool isCreation)
    {
        bool canHaveOlder = main > finishedCompactRevision && !isCreation;
        return canHaveOlder ? _keysWithOlderRevisions.Add(key) : !_keysWithOlderRevisions.Remove(key);
    }
}
