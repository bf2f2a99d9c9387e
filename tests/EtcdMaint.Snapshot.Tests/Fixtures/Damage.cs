using System.Buffers.Binary;
using static EtcdMaint.Snapshot.SnapshotFindingKind;

namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>A kind of damage, as it happens to files.</summary>
/// <param name="Name">What happens.</param>
/// <param name="Expected">The kinds of which the scan must find one.</param>
/// <param name="Apply">Does the damage to the copy of an intact file.</param>
internal sealed record Damage(string Name, SnapshotFindingKind[] Expected, Action<BoltImage, Random> Apply)
{
    private const int Header = BoltImage.PageHeader;

    /// <summary>Damage of pages, which the database itself shows.</summary>
    public static IReadOnlyList<Damage> OfPages { get; } =
    [
        new(
            "a bit of a page's number flips",
            [PageIdMismatch],
            (image, random) => Flip(image, Any(image, random), random, 0, 8)
        ),
        new(
            "a bit of a page's type flips",
            [PageTypeInvalid, ElementInvalid],
            (image, random) => Flip(image, Any(image, random), random, 8, 10)
        ),
        new(
            "a bit of a leaf's count flips",
            [ElementInvalid],
            (image, random) => Flip(image, Pick(image.Of(BoltPage.Leaf), random), random, 10, 12)
        ),
        new(
            "a bit of a branch's count flips",
            [ElementInvalid],
            (image, random) => Flip(image, Pick(image.Of(BoltPage.Branch), random), random, 10, 12)
        ),
        new(
            "a bit of a page's overflow flips",
            [PageOutOfRange, PageReferencedTwice, PageFreeAndUsed, ElementInvalid, PageTooLarge],
            (image, random) => Flip(image, Any(image, random), random, 12, 16)
        ),
        new(
            "a bit of a leaf element flips",
            // A changed key size of the last element does not move another element, but it can change the order.
            [ElementInvalid, KeyOrderInvalid, RevisionKeyInvalid, RevisionValueInvalid, RevisionMismatch],
            (image, random) =>
            {
                BoltPage page = Pick(image.Of(BoltPage.Leaf), random);
                FlipBit(image.Element(page, random.Next(page.Count)), random);
            }
        ),
        new(
            "a bit of a branch element flips",
            [ElementInvalid, PageOutOfRange, PageReferencedTwice, PageIdMismatch, PageTypeInvalid, KeyOrderInvalid],
            (image, random) =>
            {
                BoltPage page = Pick(image.Of(BoltPage.Branch), random);
                Span<byte> element = image.Element(page, random.Next(page.Count));
                FlipBit(random.Next(2) == 0 ? element[..4] : element[8..], random);
            }
        ),
        new(
            "a page is overwritten with zeros",
            [PageIdMismatch],
            (image, random) => image.At(Any(image, random)).Clear()
        ),
        new(
            "two pages are swapped",
            [PageIdMismatch],
            (image, random) =>
            {
                (BoltPage one, BoltPage other) = Two(image.Of(BoltPage.Leaf), random);
                Swap(image.At(one)[..image.PageSize], image.At(other)[..image.PageSize]);
            }
        ),
        new(
            "two references are swapped",
            [KeyOrderInvalid],
            (image, random) =>
            {
                BoltPage page = Pick([.. image.Of(BoltPage.Branch).Where(branch => branch.Count > 1)], random);
                int one = random.Next(page.Count - 1);
                Swap(image.Element(page, one)[8..], image.Element(page, one + 1)[8..]);
            }
        ),
        new(
            "a page refers to itself",
            [PageReferencedTwice],
            (image, random) =>
            {
                BoltPage page = Pick(image.Of(BoltPage.Branch), random);
                Refer(image, page, random, page.Id);
            }
        ),
        new(
            "a page refers to the root of its tree",
            [PageReferencedTwice],
            (image, random) =>
                Refer(image, Pick(image.Of(BoltPage.Branch), random), random, image.Of(BoltPage.Branch)[^1].Id)
        ),
        new(
            "two pages refer to one",
            [PageReferencedTwice],
            (image, random) =>
            {
                BoltPage page = image.Of(BoltPage.Branch)[0];
                int target = random.Next(page.Count);
                image.Element(page, target)[8..].CopyTo(image.Element(page, (target + 1) % page.Count)[8..]);
            }
        ),
        new(
            "a page refers behind the database",
            [PageOutOfRange],
            (image, random) =>
                Refer(
                    image,
                    Pick(image.Of(BoltPage.Branch), random),
                    random,
                    (ulong)(image.Bytes.Length / image.PageSize) + (ulong)random.NextInt64(long.MaxValue)
                )
        ),
        new(
            "a page refers to a meta page",
            [PageOutOfRange],
            (image, random) => Refer(image, Pick(image.Of(BoltPage.Branch), random), random, (ulong)random.Next(2))
        ),
        new(
            "a page refers to the list of free pages",
            [PageReferencedTwice],
            (image, random) => Refer(image, Pick(image.Of(BoltPage.Branch), random), random, image.FreeList.Id)
        ),
        new(
            "a branch page has no elements",
            [ElementInvalid],
            (image, random) => image.At(Pick(image.Of(BoltPage.Branch), random)).Slice(10, 2).Clear()
        ),
        new(
            "two keys are swapped",
            [KeyOrderInvalid],
            (image, random) =>
            {
                BoltPage page = Pick([.. image.Of(BoltPage.Leaf).Where(leaf => leaf.Count > 1)], random);
                int one = random.Next(page.Count - 1);
                Swap(image.LeafKey(page, one)[..17], image.LeafKey(page, one + 1)[..17]);
            }
        ),
        new(
            "a page is continued by a large number of pages",
            [PageOutOfRange],
            (image, random) =>
                BinaryPrimitives.WriteUInt32LittleEndian(
                    image.At(Any(image, random))[12..],
                    uint.MaxValue - (uint)random.Next(9)
                )
        ),
        new(
            "a key is as long as memory",
            [ElementInvalid],
            (image, random) =>
            {
                BoltPage page = Pick(image.Of(BoltPage.Leaf), random);
                BinaryPrimitives.WriteUInt32LittleEndian(
                    image.Element(page, random.Next(page.Count))[8..],
                    uint.MaxValue - (uint)random.Next(9)
                );
            }
        ),
        new(
            "the list of free pages has a page that does not exist",
            [FreeListInvalid],
            (image, random) => Free(image, random) = ulong.MaxValue - (ulong)random.Next(100)
        ),
        new(
            "the list of free pages has a page twice",
            [FreeListInvalid],
            (image, random) =>
            {
                Span<ulong> ids = FreeIds(image);
                int one = random.Next(ids.Length - 1);
                ids[one + 1] = ids[one];
            }
        ),
        new(
            "the list of free pages has more entries than room",
            [FreeListInvalid, PageUnreachable],
            (image, random) =>
                BinaryPrimitives.WriteUInt16LittleEndian(
                    image.At(image.FreeList)[10..],
                    (ushort)(ushort.MaxValue - random.Next(2))
                )
        ),
        new(
            "the list of free pages is another page",
            [FreeListInvalid],
            (image, random) =>
            {
                BinaryPrimitives.WriteUInt64LittleEndian(image.Meta(0)[32..], Any(image, random).Id);
                image.SealMeta(0);
            }
        ),
        new(
            "the list of free pages has a page in use",
            [PageFreeAndUsed],
            (image, random) =>
            {
                Span<ulong> ids = FreeIds(image);
                ids[^1] = Any(image, random).Id;
                ids.Sort();
            }
        ),
        new(
            "the list of free pages misses pages",
            [PageUnreachable],
            (image, random) =>
                BinaryPrimitives.WriteUInt16LittleEndian(
                    image.At(image.FreeList)[10..],
                    (ushort)random.Next(image.FreeList.Count)
                )
        ),
        new(
            "the file ends before its last page",
            [FileTruncated],
            (image, random) =>
                image.Bytes = image.Bytes[..(random.Next(2, image.Bytes.Length / image.PageSize) * image.PageSize)]
        ),
        new(
            "the file ends within a page",
            [FileTruncated],
            (image, random) => image.Bytes = image.Bytes[..random.Next(image.PageSize * 2, image.Bytes.Length)]
        ),
        new(
            "the file ends within the meta pages",
            [FileTruncated, NotBoltFile],
            (image, random) => image.Bytes = image.Bytes[..random.Next(1, image.PageSize * 2)]
        ),
        new(
            "the file has more bytes than pages",
            [FileSizeInvalid],
            (image, random) =>
                image.Bytes = [.. image.Bytes, .. new byte[random.Next(1, 512) is 32 ? 33 : random.Next(33, 512)]]
        ),
        new(
            "both magic numbers are wrong",
            [NotBoltFile],
            (image, random) =>
            {
                FlipBit(image.Meta(0)[..4], random);
                FlipBit(image.Meta(1)[..4], random);
            }
        ),
        new(
            "one magic number is wrong",
            [MetaPageDamaged],
            (image, random) => FlipBit(image.Meta(random.Next(2))[..4], random)
        ),
        new(
            "the version of the format is unknown",
            [FormatVersionUnknown],
            (image, random) =>
            {
                byte version = (byte)random.Next(3, 200);
                for (int id = 0; id < 2; id++)
                {
                    image.Meta(id)[4] = version;
                    image.SealMeta(id);
                }
            }
        ),
        new(
            "a bit of both meta pages flips",
            [MetaPageDamaged, FormatVersionUnknown],
            (image, random) =>
            {
                FlipBit(image.Meta(0)[4..], random);
                FlipBit(image.Meta(1)[4..], random);
            }
        ),
        new(
            "the root bucket is behind the database",
            [MetaPageDamaged],
            (image, random) =>
            {
                BinaryPrimitives.WriteUInt64LittleEndian(image.Meta(0)[16..], ulong.MaxValue - (ulong)random.Next(9));
                image.SealMeta(0);
            }
        ),
        new(
            "the size of a page is impossible",
            [MetaPageDamaged],
            (image, random) =>
            {
                BinaryPrimitives.WriteInt32LittleEndian(image.Meta(0)[8..], random.Next() | 1);
                image.SealMeta(0);
            }
        ),
        new(
            "a bucket's root is wrong",
            [PageReferencedTwice, BucketInvalid, PageOutOfRange, PageTypeInvalid, PageIdMismatch],
            (image, random) =>
            {
                BoltPage root = Pick(image.Of(BoltPage.Leaf, ""), random);
                BinaryPrimitives.WriteUInt64LittleEndian(
                    image.LeafValue(root, random.Next(root.Count)),
                    random.Next(2) == 0 ? root.Id : (ulong)random.NextInt64(1, long.MaxValue)
                );
            }
        ),
        new(
            "a bucket is not marked as one",
            [BucketInvalid],
            (image, random) =>
            {
                BoltPage root = Pick(image.Of(BoltPage.Leaf, ""), random);
                image.Element(root, random.Next(root.Count))[0] = 0;
            }
        ),
        new(
            "a revision lacks its separator",
            [RevisionKeyInvalid, KeyOrderInvalid],
            (image, random) => Pick(image, random, (page, index) => image.LeafKey(page, index)[8] ^= 1)
        ),
        new(
            "a value is not a key with its value",
            [RevisionValueInvalid],
            (image, random) => Pick(image, random, (page, index) => image.LeafValue(page, index).Fill(0xFF))
        ),
        new(
            "a value belongs to another revision",
            [RevisionMismatch],
            (image, random) =>
                Pick(
                    image,
                    random,
                    (page, index) =>
                    {
                        // The key comes first, then create_revision, then mod_revision.
                        Span<byte> value = image.LeafValue(page, index);
                        int created = 2 + value[1];
                        int modified = created + (value[created + 1] < 0x80 ? 2 : 3);
                        value[modified + 1] ^= 1;
                    },
                    isTombstone: false
                )
        ),
    ];

    public override string ToString() => Name;

    private static BoltPage Any(BoltImage image, Random random) =>
        Pick(image.Of(random.Next(3) == 0 ? BoltPage.Branch : BoltPage.Leaf), random);

    private static T Pick<T>(IReadOnlyList<T> items, Random random) => items[random.Next(items.Count)];

    private static (BoltPage, BoltPage) Two(IReadOnlyList<BoltPage> pages, Random random)
    {
        int one = random.Next(pages.Count);
        return (pages[one], pages[(one + random.Next(1, pages.Count)) % pages.Count]);
    }

    private static void Pick(BoltImage image, Random random, Action<BoltPage, int> change, bool? isTombstone = null)
    {
        while (true)
        {
            BoltPage page = Pick(image.Of(BoltPage.Leaf), random);
            int index = random.Next(page.Count);
            if (isTombstone is { } wanted && wanted != (image.LeafKey(page, index).Length == 18))
                continue;
            change(page, index);
            return;
        }
    }

    private static void Flip(BoltImage image, BoltPage page, Random random, int from, int to) =>
        FlipBit(image.At(page)[from..to], random);

    private static void FlipBit(Span<byte> bytes, Random random) =>
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));

    private static void Swap(Span<byte> one, Span<byte> other)
    {
        byte[] kept = one.ToArray();
        other.CopyTo(one);
        kept.CopyTo(other);
    }

    private static void Refer(BoltImage image, BoltPage branch, Random random, ulong target) =>
        BinaryPrimitives.WriteUInt64LittleEndian(image.Element(branch, random.Next(branch.Count))[8..], target);

    private static Span<ulong> FreeIds(BoltImage image) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(
            image.At(image.FreeList).Slice(Header, image.FreeList.Count * sizeof(ulong))
        );

    private static ref ulong Free(BoltImage image, Random random) =>
        ref FreeIds(image)[random.Next(image.FreeList.Count)];
}
