using System.Buffers.Binary;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>
/// Reads the list of free pages (<c>internal/freelist/shared.go</c>): sorted page IDs of 8 bytes. From 65,535 IDs on,
/// the first element is their number.
/// </summary>
internal sealed class FreeListReader(
    PageReader reader,
    BoltDatabase database,
    PageSet used,
    PageSet free,
    FindingLog log
)
{
    private const int IdSize = sizeof(ulong);
    private const int IdsPerRead = 4096;

    /// <returns>Whether the list is intact.</returns>
    public bool Read(ulong id)
    {
        if (!database.Contains(id))
            return Reject(0, $"The list of free pages is said to be at page {id}, which does not exist.");
        if (id >= database.PagesInFile)
            return Reject(id, $"The list of free pages at page {id} is behind the end of the file.");
        PageHeader header = PageHeader.Read(reader.Read(Offset(id), BoltFormat.PageHeaderSize));
        used.Add(id);
        if (header.Id != id || header.Flags != BoltFormat.FreeListFlag)
            return Reject(id, $"Page {id} is not the list of free pages that it should be.");
        if (id + header.Overflow >= database.PagesInFile)
            return Reject(id, $"The list of free pages at page {id} continues behind the last page.");
        for (ulong next = id + 1; next <= id + header.Overflow; next++)
            used.Add(next);
        return ReadIds(id, header);
    }

    private bool ReadIds(ulong id, PageHeader header)
    {
        long start = Offset(id) + BoltFormat.PageHeaderSize;
        long room = ((header.Overflow + 1L) * database.PageSize - BoltFormat.PageHeaderSize) / IdSize;
        ulong count = header.Count;
        if (header.Count == BoltFormat.CountIsFirstElement)
        {
            count = BinaryPrimitives.ReadUInt64LittleEndian(reader.Read(start, IdSize));
            start += IdSize;
            room--;
        }
        if (count > (ulong)room)
            return Reject(id, $"The list of free pages at page {id} has more entries than it has room for.");

        ulong previous = 0;
        for (long done = 0; done < (long)count; )
        {
            int next = (int)Math.Min(IdsPerRead, (long)count - done);
            ReadOnlySpan<byte> ids = reader.Read(start + done * IdSize, next * IdSize);
            for (; !ids.IsEmpty; ids = ids[IdSize..])
            {
                ulong page = BinaryPrimitives.ReadUInt64LittleEndian(ids);
                if (!database.Contains(page))
                    return Reject(
                        id,
                        $"The list of free pages at page {id} contains page {page}, which does not exist."
                    );
                if (page <= previous)
                    return Reject(
                        id,
                        $"The list of free pages at page {id} contains page {page} twice or out of order."
                    );
                previous = page;
                if (page < database.PagesInFile)
                    free.Add(page);
            }
            done += next;
        }
        return true;
    }

    private long Offset(ulong id) => (long)id * database.PageSize;

    private bool Reject(ulong page, string message)
    {
        log.Add(SnapshotFindingKind.FreeListInvalid, page, message);
        return false;
    }
}
