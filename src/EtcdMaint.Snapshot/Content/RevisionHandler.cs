using EtcdMaint.Snapshot.Bolt;
using EtcdMaint.Snapshot.Hashing;

namespace EtcdMaint.Snapshot.Content;

/// <summary>Reads the revisions of the bucket <c>key</c>, from the newest to the oldest.</summary>
/// <param name="revision">Newer revisions than this one are left out.</param>
/// <param name="compactRevision">The compacted revision of the hash.</param>
/// <param name="finishedCompactRevision">The compaction that this database has completed.</param>
/// <param name="hashesEntries">Whether all entries of the bucket are hashed too.</param>
/// <param name="visitor">Sees each revision; null for none.</param>
/// <param name="log">Receives the damage.</param>
internal sealed class RevisionHandler(
    long revision,
    long compactRevision,
    long finishedCompactRevision,
    bool hashesEntries,
    SnapshotRevisionVisitor? visitor,
    FindingLog log
) : ILeafHandler
{
    private readonly KeyHistory _history = new(finishedCompactRevision);
    private readonly KeyValueHasher _hasher = new(revision, compactRevision, finishedCompactRevision);
    private HashedIn[] _hashedIn = new HashedIn[256];

    /// <summary>The newest revision of the database, including those that are left out.</summary>
    public long NewestRevision { get; private set; }

    public long RevisionCount { get; private set; }

    public long TombstoneCount { get; private set; }

    public long KeyCount { get; private set; }

    public long LiveBytes { get; private set; }

    public long DeadStoredBytes { get; private set; }

    /// <summary>Whether revisions are missing or damaged, so that nothing is known about the hash.</summary>
    public bool IsDamaged { get; private set; }

    public BackwardCrc Entries { get; } = new();

    /// <summary>HashKV; null if it is not known.</summary>
    public uint? HashKv => IsDamaged ? null : _hasher.Finish();

    public void OnMissing() => IsDamaged = true;

    public void OnLeaf(in LeafPage page)
    {
        if (_hashedIn.Length < page.Count)
            _hashedIn = new HashedIn[page.Count];
        for (int i = page.Count - 1; i >= 0; i--)
            _hashedIn[i] = Read(page, i);
        bool needsStored = _hasher.NeedsStored;
        (uint register, long length, bool isWholePage) = Hash(page, HashedIn.Kept);
        _hasher.Prepend(HashedIn.Kept, register, length);
        if (hashesEntries && isWholePage)
            Entries.Prepend(register, length);
        else if (hashesEntries)
            Entries.Prepend(page);

        if (!needsStored)
            return;
        (register, length, _) = Hash(page, HashedIn.Stored);
        _hasher.Prepend(HashedIn.Stored, register, length);
    }

    private HashedIn Read(in LeafPage page, int index)
    {
        if (page.IsBucket(index) || !RevisionKey.TryParse(page.Key(index), out RevisionKey key))
            return Reject(SnapshotFindingKind.RevisionKeyInvalid, page, "a key that is not a revision");
        ReadOnlySpan<byte> bytes = page.Value(index);
        if (!KeyValueRecord.TryParse(bytes, out KeyValueRecord record))
            return Reject(SnapshotFindingKind.RevisionValueInvalid, page, "a value that is not a key with its value");
        if (!key.IsTombstone && !bytes.IsEmpty && record.ModRevision != key.Main)
            return Reject(SnapshotFindingKind.RevisionMismatch, page, "a value of another revision");
        NewestRevision = Math.Max(NewestRevision, key.Main);
        if (key.Main > revision)
            return HashedIn.None;

        bool isCreation = !key.IsTombstone && record.Version == 1;
        bool isNewest = _history.IsNewest(record.Key, key.Main, isCreation);
        Count(key, record, isNewest, BoltFormat.LeafElementSize + page.KeyAndValue(index).Length);
        return _hasher.Classify(record.Key, key.Main, key.IsTombstone, isCreation, isNewest);
    }

    private void Count(in RevisionKey key, in KeyValueRecord record, bool isNewest, long storedBytes)
    {
        bool isLive = isNewest && !key.IsTombstone;
        RevisionCount++;
        if (key.IsTombstone)
            TombstoneCount++;
        if (isLive)
        {
            KeyCount++;
            LiveBytes += record.Key.Length + record.Value.Length;
        }
        else
        {
            DeadStoredBytes += storedBytes;
        }
        visitor?.Invoke(
            new SnapshotRevision
            {
                Main = key.Main,
                Sub = key.Sub,
                IsTombstone = key.IsTombstone,
                IsLive = isLive,
                Key = record.Key,
                Value = record.Value,
                CreateRevision = record.CreateRevision,
                Version = record.Version,
                LeaseId = record.Lease,
                StoredBytes = storedBytes,
            }
        );
    }

    private (uint Register, long Length, bool IsWholePage) Hash(in LeafPage page, HashedIn wanted)
    {
        uint register = 0;
        long length = 0;
        int count = 0;
        for (int i = 0; i < page.Count; i++)
        {
            if ((_hashedIn[i] & wanted) == 0)
                continue;
            int first = i;
            while (i + 1 < page.Count && (_hashedIn[i + 1] & wanted) != 0)
                i++;
            ReadOnlySpan<byte> bytes = page.KeysAndValues(first, i);
            register = Crc32C.Append(register, bytes);
            length += bytes.Length;
            count += i + 1 - first;
        }
        return (register, length, count == page.Count);
    }

    private HashedIn Reject(SnapshotFindingKind kind, in LeafPage page, string what)
    {
        IsDamaged = true;
        log.Add(kind, page.PageId, $"Page {page.PageId} contains {what}.");
        return HashedIn.None;
    }
}
