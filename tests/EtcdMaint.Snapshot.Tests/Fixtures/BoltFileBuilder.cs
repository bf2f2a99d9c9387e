using System.Buffers.Binary;
using System.Text;

namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>
/// Writes a bbolt file, because etcd writes files only with the page size of the operating system, and without a list
/// of free pages on Linux.
/// </summary>
internal sealed class BoltFileBuilder
{
    public int PageSize { get; init; } = 4096;

    /// <summary>Whether small buckets are written into the page of their parent.</summary>
    public bool Inline { get; init; } = true;

    public bool HasFreeList { get; init; } = true;

    /// <summary>The number of free pages, at random places.</summary>
    public int FreePages { get; init; } = 5;

    /// <summary>Places the pages at random; null for the order of the keys.</summary>
    public Random? Random { get; init; }

    /// <summary>The page after the meta pages; the pages between them are not part of the image.</summary>
    public ulong FirstPage { get; init; } = 2;

    public BoltBucket Root { get; } = new();

    public BoltFileBuilder With(string bucket, BoltBucket content)
    {
        Root.Buckets[Encoding.UTF8.GetBytes(bucket)] = content;
        return this;
    }

    public BoltImage Build()
    {
        var nodes = new List<Node>();
        Node root = WriteBucket(Root, "", nodes);

        var order = nodes.Cast<Node?>().Concat(Enumerable.Repeat<Node?>(null, FreePages)).ToArray();
        Random?.Shuffle(order);
        ulong next = FirstPage;
        var free = new List<ulong>();
        foreach (Node? node in order)
        {
            if (node is null)
                free.Add(next++);
            else
                (node.Id, next) = (next, next + node.Overflow(PageSize) + 1);
        }
        ulong freeList = next;
        uint freeListOverflow = 0;
        if (HasFreeList)
        {
            int count = free.Count >= 0xFFFF ? free.Count + 1 : free.Count;
            freeListOverflow = (uint)((16 + count * 8 - 1) / PageSize);
            next += freeListOverflow + 1;
        }

        byte[] bytes = new byte[Position(next)];
        var pages = new List<BoltPage>();
        foreach (Node node in nodes)
        {
            node.Write(bytes.AsSpan(Position(node.Id)), node.Overflow(PageSize));
            pages.Add(new BoltPage(node.Id, node.Flags, node.Elements.Count, node.Overflow(PageSize), node.Bucket));
        }
        if (HasFreeList)
        {
            WriteFreeList(bytes.AsSpan(Position(freeList)), freeList, freeListOverflow, free);
            pages.Add(new BoltPage(freeList, BoltPage.FreeList, free.Count, freeListOverflow, ""));
        }
        var image = new BoltImage(bytes, PageSize, pages);
        for (int id = 0; id < 2; id++)
            WriteMeta(image, id, root.Id, HasFreeList ? freeList : ulong.MaxValue, next);
        return image;
    }

    private int Position(ulong page) => (int)(page - FirstPage + 2) * PageSize;

    private static void WriteMeta(BoltImage image, int id, ulong root, ulong freeList, ulong pages)
    {
        Span<byte> page = image.Bytes.AsSpan(id * image.PageSize);
        BinaryPrimitives.WriteUInt64LittleEndian(page, (ulong)id);
        BinaryPrimitives.WriteUInt16LittleEndian(page[8..], 4);
        Span<byte> meta = image.Meta(id);
        BinaryPrimitives.WriteUInt32LittleEndian(meta, 0xED0CDAED);
        BinaryPrimitives.WriteUInt32LittleEndian(meta[4..], 2);
        BinaryPrimitives.WriteInt32LittleEndian(meta[8..], image.PageSize);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[16..], root);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[32..], freeList);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[40..], pages);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[48..], (ulong)(100 - id));
        image.SealMeta(id);
    }

    private static void WriteFreeList(Span<byte> page, ulong id, uint overflow, List<ulong> free)
    {
        WriteHeader(page, id, BoltPage.FreeList, Math.Min(free.Count, 0xFFFF), overflow);
        Span<byte> rest = page[16..];
        if (free.Count >= 0xFFFF)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, (ulong)free.Count);
            rest = rest[8..];
        }
        foreach (ulong page1 in free)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, page1);
            rest = rest[8..];
        }
    }

    private static void WriteHeader(Span<byte> page, ulong id, ushort flags, int count, uint overflow)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(page, id);
        BinaryPrimitives.WriteUInt16LittleEndian(page[8..], flags);
        BinaryPrimitives.WriteUInt16LittleEndian(page[10..], (ushort)count);
        BinaryPrimitives.WriteUInt32LittleEndian(page[12..], overflow);
    }

    /// <summary>Writes a bucket from its leaves up, and returns its root.</summary>
    private Node WriteBucket(BoltBucket bucket, string name, List<Node> nodes)
    {
        var elements = new SortedDictionary<byte[], Element>(ByteOrder.Instance);
        foreach ((byte[] key, byte[] value) in bucket.Entries)
            elements[key] = new Element(key, value, null, IsBucket: false);
        foreach ((byte[] key, BoltBucket child) in bucket.Buckets)
            elements[key] = DescribeBucket(key, child, name.Length == 0 ? Encoding.UTF8.GetString(key) : name, nodes);

        List<Node> level = Split([.. elements.Values], BoltPage.Leaf, name);
        while (true)
        {
            nodes.AddRange(level);
            if (level.Count == 1)
                return level[0];
            level = Split(
                [.. level.Select(child => new Element(child.Elements[0].Key, [], child, IsBucket: false))],
                BoltPage.Branch,
                name
            );
        }
    }

    private Element DescribeBucket(byte[] key, BoltBucket bucket, string name, List<Node> nodes)
    {
        byte[] header = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), 7);
        int size = 16 + bucket.Entries.Sum(entry => 16 + entry.Key.Length + entry.Value.Length);
        if (!Inline || bucket.Buckets.Count > 0 || size > PageSize / 4)
            return new Element(key, header, WriteBucket(bucket, name, nodes), IsBucket: true);

        var page = new Node(BoltPage.Leaf, name);
        foreach ((byte[] entryKey, byte[] value) in bucket.Entries)
            page.Add(new Element(entryKey, value, null, IsBucket: false));
        byte[] inline = new byte[size];
        page.Write(inline, 0);
        return new Element(key, [.. header, .. inline], null, IsBucket: true);
    }

    /// <summary>Fills pages, at least two elements each, as bbolt does.</summary>
    private List<Node> Split(IReadOnlyList<Element> elements, ushort flags, string bucket)
    {
        var nodes = new List<Node> { new(flags, bucket) };
        foreach (Element element in elements)
        {
            Node node = nodes[^1];
            if (node.Elements.Count >= 2 && node.Size + element.Size > PageSize)
                nodes.Add(node = new Node(flags, bucket));
            node.Add(element);
        }
        return nodes;
    }

    /// <param name="Key">The key.</param>
    /// <param name="Value">The value of a leaf element.</param>
    /// <param name="Child">The page to which a branch element or a bucket refers.</param>
    /// <param name="IsBucket">Whether it is a leaf element with a bucket.</param>
    private sealed record Element(byte[] Key, byte[] Value, Node? Child, bool IsBucket)
    {
        public int Size => 16 + Key.Length + Value.Length;
    }

    private sealed class Node(ushort flags, string bucket)
    {
        public ulong Id { get; set; }

        public ushort Flags => flags;

        public string Bucket => bucket;

        public List<Element> Elements { get; } = [];

        public int Size { get; private set; } = 16;

        public void Add(Element element)
        {
            Elements.Add(element);
            Size += element.Size;
        }

        public uint Overflow(int pageSize) => (uint)((Size - 1) / pageSize);

        public void Write(Span<byte> page, uint overflow)
        {
            WriteHeader(page, Id, flags, Elements.Count, overflow);
            int data = 16 + 16 * Elements.Count;
            for (int i = 0; i < Elements.Count; i++)
            {
                Element element = Elements[i];
                int at = 16 + 16 * i;
                Span<byte> fields = page[at..];
                if (flags == BoltPage.Branch)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(fields, data - at);
                    BinaryPrimitives.WriteInt32LittleEndian(fields[4..], element.Key.Length);
                    BinaryPrimitives.WriteUInt64LittleEndian(fields[8..], element.Child!.Id);
                }
                else
                {
                    BinaryPrimitives.WriteInt32LittleEndian(fields, element.IsBucket ? 1 : 0);
                    BinaryPrimitives.WriteInt32LittleEndian(fields[4..], data - at);
                    BinaryPrimitives.WriteInt32LittleEndian(fields[8..], element.Key.Length);
                    BinaryPrimitives.WriteInt32LittleEndian(fields[12..], element.Value.Length);
                }
                element.Key.CopyTo(page[data..]);
                data += element.Key.Length;
                element.Value.CopyTo(page[data..]);
                if (element is { IsBucket: true, Child: { } root })
                    BinaryPrimitives.WriteUInt64LittleEndian(page[data..], root.Id);
                data += element.Value.Length;
            }
        }
    }
}
