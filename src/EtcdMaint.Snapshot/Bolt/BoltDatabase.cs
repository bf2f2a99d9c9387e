namespace EtcdMaint.Snapshot.Bolt;

/// <summary>The size and the beginning of the database, from the newest valid meta page.</summary>
/// <param name="PageSize">The size of a page, in bytes.</param>
/// <param name="PageCount">The number of pages that the database claims to have.</param>
/// <param name="PagesInFile">The number of them that are in the file, which limits everything.</param>
/// <param name="Root">The page of the root bucket.</param>
/// <param name="FreeList">The page of the free list; null if the database has none.</param>
internal sealed record BoltDatabase(int PageSize, ulong PageCount, ulong PagesInFile, ulong Root, ulong? FreeList)
{
    /// <summary>Whether a page can be referenced: pages 0 and 1 are the meta pages.</summary>
    public bool Contains(ulong page) => page >= 2 && page < PageCount;

    /// <returns>Null if there is no valid meta page; the reason is in the log.</returns>
    public static BoltDatabase? Find(PageReader reader, FindingLog log)
    {
        BoltMeta first = BoltMeta.Parse(0, ReadBegin(reader, 0));
        BoltMeta second =
            first.State == MetaState.Valid ? BoltMeta.Parse(1, ReadBegin(reader, first.PageSize)) : FindSecond(reader);
        if (Choose(first, second, log) is not { } meta)
            return null;
        return Check(meta, reader.Length, log);
    }

    /// <summary>
    /// Without the first meta page, the size of a page is unknown, and with it the place of the second.
    /// </summary>
    private static BoltMeta FindSecond(PageReader reader)
    {
        BoltMeta best = BoltMeta.Parse(1, []);
        for (int size = BoltFormat.SmallestPageSize; size <= BoltFormat.LargestPageSize; size *= 2)
        {
            BoltMeta meta = BoltMeta.Parse(1, ReadBegin(reader, size));
            if (meta.State == MetaState.Valid && meta.PageSize == size)
                return meta;
            if (best.State == MetaState.NoMagic && meta.State != MetaState.Valid)
                best = meta;
        }
        return best;
    }

    private static BoltMeta? Choose(BoltMeta first, BoltMeta second, FindingLog log)
    {
        switch (first.State == MetaState.Valid, second.State == MetaState.Valid)
        {
            case (true, true):
                if (first.PageSize != second.PageSize)
                    log.Add(
                        SnapshotFindingKind.MetaPageDamaged,
                        1,
                        "The two meta pages disagree on the size of a page."
                    );
                return first.PageSize != second.PageSize || first.Transaction >= second.Transaction ? first : second;
            case (true, false):
                log.Add(SnapshotFindingKind.MetaPageDamaged, 1, "The second meta page is damaged.");
                return first;
            case (false, true):
                log.Add(SnapshotFindingKind.MetaPageDamaged, 0, "The first meta page is damaged.");
                return second;
            default:
                Reject(first, second, log);
                return null;
        }
    }

    private static void Reject(BoltMeta first, BoltMeta second, FindingLog log)
    {
        if (first.State == MetaState.UnknownVersion || second.State == MetaState.UnknownVersion)
            log.Add(SnapshotFindingKind.FormatVersionUnknown, 0, "The version of the file format is not supported.");
        else if (first.State == MetaState.NoMagic && second.State == MetaState.NoMagic)
            log.Add(SnapshotFindingKind.NotBoltFile, 0, "The file is not a bbolt database.");
        else
            log.Add(SnapshotFindingKind.MetaPageDamaged, 0, "Both meta pages are damaged.");
    }

    private static BoltDatabase? Check(BoltMeta meta, long length, FindingLog log)
    {
        ulong inFile = (ulong)(length / meta.PageSize);
        if (meta.PageCount > inFile)
            log.Add(
                SnapshotFindingKind.FileTruncated,
                $"The database has {meta.PageCount} pages, but the file ends after {inFile} pages."
            );
        else if (length % meta.PageSize is var rest && rest != 0)
            log.Add(
                SnapshotFindingKind.FileSizeInvalid,
                $"The file has {rest} bytes after its last page that are not a checksum."
            );

        var database = new BoltDatabase(
            meta.PageSize,
            meta.PageCount,
            Math.Min(meta.PageCount, inFile),
            meta.Root,
            meta.HasFreeList ? meta.FreeList : null
        );
        if (database.Contains(meta.Root))
            return database;
        log.Add(SnapshotFindingKind.MetaPageDamaged, "The page of the root bucket lies outside the database.");
        return null;
    }

    private static ReadOnlySpan<byte> ReadBegin(PageReader reader, long offset)
    {
        long length = Math.Min(BoltFormat.PageHeaderSize + BoltFormat.MetaSize, reader.Length - offset);
        return length <= 0 ? [] : reader.Read(offset, (int)length);
    }
}
