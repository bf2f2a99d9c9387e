using System.Buffers.Binary;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>
/// Walks through the pages of a bucket, from the last key to the first, and checks each page before it is used. A page
/// is entered once, so a walk of any file ends.
/// </summary>
internal sealed class TreeWalker(
    PageReader reader,
    BoltDatabase database,
    PageSet used,
    PageSet free,
    FindingLog log,
    WalkProgress progress,
    CancellationToken cancellationToken
)
{
    private readonly byte[]?[] _branches = new byte[BoltFormat.MostLevels][];

    /// <summary>Whether a page could not be entered, so that pages in use may not be marked.</summary>
    public bool IsIncomplete { get; private set; }

    public void Walk(BucketRoot bucket, ILeafHandler handler, int level = 0)
    {
        if (!bucket.IsInline)
            Visit(bucket.Root, bucket.PageId, [], [], level, handler);
        else if (!TryVisitInline(bucket, handler, level))
            GiveUp(handler);
    }

    private void GiveUp(ILeafHandler handler)
    {
        IsIncomplete = true;
        handler.OnMissing();
    }

    private bool TryVisitInline(BucketRoot bucket, ILeafHandler handler, int level)
    {
        PageHeader header = PageHeader.Read(bucket.Inline);
        if (header.Flags != BoltFormat.LeafFlag || header.Overflow != 0)
            return Report(SnapshotFindingKind.BucketInvalid, bucket.PageId, "contains a damaged bucket");
        if (PageElements.Check(bucket.Inline, header.Count, isLeaf: true, [], []) is { } kind)
            return Report(kind, bucket.PageId, "contains a bucket whose elements are damaged");
        VisitLeaf(new LeafPage(bucket.Inline, header.Count, bucket.PageId), handler, level);
        return true;
    }

    private void Visit(
        ulong id,
        ulong parent,
        ReadOnlySpan<byte> least,
        ReadOnlySpan<byte> limit,
        int level,
        ILeafHandler handler
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!TryVisit(id, parent, least, limit, level, handler))
            GiveUp(handler);
    }

    private bool TryVisit(
        ulong id,
        ulong parent,
        ReadOnlySpan<byte> least,
        ReadOnlySpan<byte> limit,
        int level,
        ILeafHandler handler
    )
    {
        if (level >= BoltFormat.MostLevels)
            return Report(SnapshotFindingKind.TreeTooDeep, id, $"has more than {BoltFormat.MostLevels} pages above it");
        if (!TryEnter(id, parent, out PageHeader header))
            return false;
        bool isLeaf = header.Flags == BoltFormat.LeafFlag;
        long length = (header.Overflow + 1L) * database.PageSize;
        if (length > (isLeaf ? BoltFormat.LargestRun : BoltFormat.LargestBranchRun))
            return Report(SnapshotFindingKind.PageTooLarge, id, $"has {length} bytes, which is not supported");

        ReadOnlySpan<byte> page = reader.Read(Offset(id), (int)length);
        if (PageElements.Check(page, header.Count, isLeaf, least, limit) is { } kind)
            return Report(
                kind,
                id,
                kind == SnapshotFindingKind.KeyOrderInvalid ? "has keys in a wrong order" : "has a damaged element"
            );
        // bbolt removes an empty page, unless it is the only one of its bucket. Only that one has no key in a parent.
        if (header.Count == 0 && !(isLeaf && least.IsEmpty))
            return Report(SnapshotFindingKind.ElementInvalid, id, "has no elements");
        if (isLeaf)
            VisitLeaf(new LeafPage(page, header.Count, id), handler, level);
        else
            VisitChildren(id, Keep(page, level), header.Count, limit, level, handler);
        return true;
    }

    private void VisitLeaf(in LeafPage page, ILeafHandler handler, int level)
    {
        List<BucketRoot>? buckets = null;
        // The root bucket and the buckets of etcd have handlers that know what a bucket inside them means.
        if (handler is PageCounter)
            for (int i = page.Count - 1; i >= 0; i--)
                if (page.IsBucket(i))
                {
                    if (BucketRoot.Parse(page.PageId, page.Value(i)) is { } bucket)
                        (buckets ??= []).Add(bucket);
                    else
                        Report(SnapshotFindingKind.BucketInvalid, page.PageId, "contains a damaged bucket");
                }
        handler.OnLeaf(page);
        if (buckets is null)
            return;
        foreach (BucketRoot bucket in buckets)
            Walk(bucket, handler, level + 1);
    }

    private void VisitChildren(
        ulong id,
        ReadOnlySpan<byte> page,
        int count,
        ReadOnlySpan<byte> limit,
        int level,
        ILeafHandler handler
    )
    {
        ReadOnlySpan<byte> next = limit;
        for (int i = count - 1; i >= 0; i--)
        {
            int element = BoltFormat.PageHeaderSize + i * BoltFormat.BranchElementSize;
            int start = element + (int)BinaryPrimitives.ReadUInt32LittleEndian(page[element..]);
            int size = (int)BinaryPrimitives.ReadUInt32LittleEndian(page[(element + 4)..]);
            ReadOnlySpan<byte> key = page.Slice(start, size);
            Visit(BinaryPrimitives.ReadUInt64LittleEndian(page[(element + 8)..]), id, key, next, level + 1, handler);
            next = key;
        }
    }

    /// <summary>Checks the header of a page, and marks the page and those that continue it as used.</summary>
    private bool TryEnter(ulong id, ulong parent, out PageHeader header)
    {
        header = default;
        if (!database.Contains(id))
            return Report(SnapshotFindingKind.PageOutOfRange, parent, $"refers to page {id}, which does not exist");
        if (id >= database.PagesInFile)
            return Report(SnapshotFindingKind.FileTruncated, id, "is behind the end of the file");
        if (!used.Add(id))
            return Report(SnapshotFindingKind.PageReferencedTwice, id, "is referenced more than once");

        header = PageHeader.Read(reader.Read(Offset(id), database.PageSize));
        if (header.Id != id)
            return Report(SnapshotFindingKind.PageIdMismatch, id, $"contains page {header.Id} instead");
        if (header.Flags is not (BoltFormat.BranchFlag or BoltFormat.LeafFlag))
            return Report(SnapshotFindingKind.PageTypeInvalid, id, "is neither a branch page nor a leaf page");
        if (free.Contains(id))
            Report(SnapshotFindingKind.PageFreeAndUsed, id, "is in use and in the list of free pages");
        bool isEntered = TryEnterOverflow(id, header.Overflow);
        progress.AddPages(header.Overflow + 1L);
        return isEntered;
    }

    private bool TryEnterOverflow(ulong id, uint overflow)
    {
        if (id + overflow >= database.PageCount)
            return Report(
                SnapshotFindingKind.PageOutOfRange,
                id,
                $"continues on {overflow} pages, not all of which exist"
            );
        if (id + overflow >= database.PagesInFile)
            return Report(SnapshotFindingKind.FileTruncated, id, "continues behind the end of the file");
        for (ulong next = id + 1; next <= id + overflow; next++)
        {
            if (!used.Add(next))
                return Report(SnapshotFindingKind.PageReferencedTwice, next, $"is also a part of page {id}");
            if (free.Contains(next))
                Report(SnapshotFindingKind.PageFreeAndUsed, next, "is in use and in the list of free pages");
        }
        return true;
    }

    /// <summary>A copy, because the reader's window moves while the children are visited.</summary>
    private ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> page, int level)
    {
        byte[]? buffer = _branches[level];
        if (buffer is null || buffer.Length < page.Length)
            _branches[level] = buffer = new byte[page.Length];
        page.CopyTo(buffer);
        return buffer.AsSpan(0, page.Length);
    }

    private long Offset(ulong id) => (long)id * database.PageSize;

    /// <returns>False, so that a caller can report and give up in one statement.</returns>
    private bool Report(SnapshotFindingKind kind, ulong page, string what)
    {
        log.Add(kind, page, $"Page {page} {what}.");
        return false;
    }
}
