using System.Text;
using EtcdMaint.Snapshot.Bolt;
using EtcdMaint.Snapshot.Hashing;

namespace EtcdMaint.Snapshot.Content;

/// <summary>
/// Reads the buckets of a database. The bucket with the revisions is read last, because the others tell how it was
/// compacted.
/// </summary>
internal sealed class DatabaseReader
{
    private readonly BoltDatabase _database;
    private readonly FindingLog _log;
    private readonly PageSet _used;
    private readonly PageSet _free;
    private readonly TreeWalker _walker;
    private readonly WalkProgress _progress;
    private readonly RootHandler _root;
    private readonly BucketRoot? _keys;

    /// <summary>The hashes of the buckets that have been read, by name.</summary>
    private readonly Dictionary<string, BackwardCrc> _hashes = [];
    private readonly SnapshotContent _content;
    private readonly bool _isCompactionKnown;
    private readonly bool _isFreeListKnown;

    private DatabaseReader(
        PageReader reader,
        BoltDatabase database,
        Func<double>? otherHalf,
        SnapshotScanOptions options,
        FindingLog log,
        CancellationToken cancellationToken
    )
    {
        _database = database;
        _log = log;
        _used = new PageSet(database.PagesInFile);
        _free = new PageSet(database.PagesInFile);
        _progress = new WalkProgress(database.PagesInFile, otherHalf, options.Progress);
        for (ulong meta = 0; meta < Math.Min(2, database.PagesInFile); meta++)
            _used.Add(meta);
        _isFreeListKnown =
            database.FreeList is { } list && new FreeListReader(reader, database, _used, _free, log).Read(list);
        _walker = new TreeWalker(reader, database, _used, _free, log, _progress, cancellationToken);

        _root = new RootHandler(log);
        _walker.Walk(new BucketRoot(0, database.Root, []), _root);
        _keys = Find(BucketNames.Key);
        Find(BucketNames.Meta);
        (_content, _isCompactionKnown) = ReadContent();
    }

    /// <summary>Reads all buckets except the one with the revisions.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="database">Its size and its beginning.</param>
    /// <param name="otherHalf">The completed fraction of the work beside the walk; null if there is none.</param>
    /// <param name="options">The receiver of the progress.</param>
    /// <param name="log">Receives the damage.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReadFailedException">A part of the file could not be read.</exception>
    public static DatabaseReader Open(
        PageReader reader,
        BoltDatabase database,
        Func<double>? otherHalf,
        SnapshotScanOptions options,
        FindingLog log,
        CancellationToken cancellationToken
    ) => new(reader, database, otherHalf, options, log, cancellationToken);

    /// <summary>Reads the revisions, and compares the pages in use with the free ones.</summary>
    public SnapshotScan ReadAll(SnapshotScan scan, SnapshotRevisionVisitor? visitor)
    {
        var revisions = new RevisionHandler(
            long.MaxValue,
            _content.CompactRevision,
            _content.FinishedCompactRevision ?? -1,
            hashesEntries: true,
            visitor,
            _log
        );
        if (_keys is not null)
            Walk(BucketNames.Key, _keys, revisions);
        FindUnreachablePages();
        _progress.EndWalk();
        return scan with
        {
            UsedPageCount = _used.Count,
            Content = _content,
            Revision = _keys is null ? 0 : RevisionOf(revisions),
            KeyCount = revisions.KeyCount,
            RevisionCount = revisions.RevisionCount,
            TombstoneCount = revisions.TombstoneCount,
            LiveBytes = revisions.LiveBytes,
            DeadStoredBytes = revisions.DeadStoredBytes,
            Hash = _keys is not null && _isCompactionKnown ? revisions.HashKv : null,
            StatusHash = _root.IsIncomplete || _walker.IsIncomplete ? null : HashAllBuckets(),
        };
    }

    /// <summary>The hash at a revision, as a server with a compacted revision computes it.</summary>
    public uint? ComputeHash(long revision, long compactRevision)
    {
        if (
            _keys is null
            || !_isCompactionKnown
            || revision < compactRevision
            || compactRevision < _content.CompactRevision
        )
            return null;
        var revisions = new RevisionHandler(
            revision,
            compactRevision,
            _content.FinishedCompactRevision ?? -1,
            hashesEntries: false,
            null,
            _log
        );
        _walker.Walk(_keys, revisions);
        _progress.EndWalk();
        return revision > RevisionOf(revisions) ? null : revisions.HashKv;
    }

    /// <summary>
    /// The revision at which a server continues (<c>restore</c> in <c>mvcc/kvstore.go</c>): 1 in an empty database, and
    /// not below a compaction that may have removed the newest revision.
    /// </summary>
    private long RevisionOf(RevisionHandler revisions) =>
        Math.Max(Math.Max(1, revisions.NewestRevision), _content.CompactRevision);

    private (SnapshotContent Content, bool IsCompactionKnown) ReadContent()
    {
        var content = new ContentReader();
        bool isMetaIntact = false;
        foreach ((string name, BucketRoot bucket) in _root.Buckets)
        {
            if (name == BucketNames.Key)
                continue;
            if (content.ReaderOf(name) is not { } tryRead)
            {
                Walk(name, bucket, new PageCounter());
                continue;
            }
            var handler = new EntryHandler(name, tryRead, _log);
            Walk(name, bucket, handler);
            if (name == BucketNames.Meta)
                isMetaIntact = !handler.IsDamaged;
        }
        return (content.Build(), isMetaIntact);
    }

    private void Walk(string name, BucketRoot bucket, ILeafHandler handler)
    {
        _walker.Walk(bucket, handler);
        _hashes[name] = handler.Entries;
    }

    /// <summary>The name of each bucket, then its keys and values: <c>Status</c> in <c>etcdutl/snapshot</c>.</summary>
    private uint HashAllBuckets()
    {
        var all = new BackwardCrc();
        // Buckets arrive in descending order, too.
        foreach ((string name, _) in _root.Buckets)
        {
            all.Prepend(_hashes[name]);
            byte[] bytes = Encoding.Latin1.GetBytes(name);
            all.Prepend(Crc32C.Append(0, bytes), bytes.Length);
        }
        return all.Finish([]);
    }

    private BucketRoot? Find(string name)
    {
        BucketRoot? bucket = _root.Buckets.FirstOrDefault(entry => entry.Name == name).Bucket;
        if (bucket is null && !_root.IsIncomplete)
            _log.Add(
                SnapshotFindingKind.NotEtcdDatabase,
                _database.Root,
                $"The database has no bucket {name}, which every database of etcd has."
            );
        return bucket;
    }

    /// <summary>What is in use is known only if every page could be read.</summary>
    private void FindUnreachablePages()
    {
        if (!_isFreeListKnown || _walker.IsIncomplete || _keys is null)
            return;
        (long count, ulong first) = _used.MissingFromBoth(_free);
        if (count > 0)
            _log.Add(
                SnapshotFindingKind.PageUnreachable,
                first,
                $"{count} pages are neither in use nor in the list of free pages; the first one is page {first}."
            );
    }
}
