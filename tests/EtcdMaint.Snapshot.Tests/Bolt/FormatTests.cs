using System.Buffers.Binary;
using EtcdMaint.Snapshot.Tests.Fixtures;

namespace EtcdMaint.Snapshot.Tests.Bolt;

public sealed class FormatTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    public static TheoryData<int, bool, bool> Forms
    {
        get
        {
            var forms = new TheoryData<int, bool, bool>();
            foreach (int size in new[] { 4096, 8192, 16384, 32768, 65536 })
            foreach (bool hasFreeList in new[] { true, false })
                forms.Add(size, hasFreeList, size != 8192);
            return forms;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Files_of_every_page_size_are_read(int pageSize, bool hasFreeList, bool isInline)
    {
        var random = new Random(pageSize);
        History history = History.Random(random, 3000, 500, largestValue: pageSize / 8);
        history.Write(("large", new byte[pageSize * 5]), ("larger", new byte[pageSize * 9 + 1]));
        BoltImage image = history
            .AddTo(
                new BoltFileBuilder
                {
                    PageSize = pageSize,
                    HasFreeList = hasFreeList,
                    Inline = isInline,
                    Random = random,
                }
            )
            .Build();
        Assert.NotEmpty(image.Of(BoltPage.Branch));
        Assert.Contains(image.Of(BoltPage.Leaf), page => page.Overflow > 5);

        SnapshotScan scan = _file.Scan(image.WithChecksum());
        Assert.Empty(scan.Findings);
        Assert.True(scan.HasChecksum);
        Assert.Equal(pageSize, scan.PageSize);
        Assert.Equal(image.Bytes.Length / pageSize, scan.PageCount);
        Assert.Equal(scan.PageCount - 5, scan.UsedPageCount);
        Assert.Equal(hasFreeList, scan.HasFreeList);
        Assert.Equal(history.Revisions.Count, scan.RevisionCount);
        Assert.Equal(history.HashKv(history.Revision, -1), scan.Hash);

        SnapshotScan copy = _file.Scan(image.Bytes);
        Assert.Empty(copy.Findings);
        Assert.False(copy.HasChecksum);
        Assert.Equal(scan.Sha256, copy.Sha256);
        Assert.Equal(scan.Hash, copy.Hash);
    }

    /// <summary>The file has a hole instead of pages that are not in use.</summary>
    [Fact]
    public void A_file_of_8_gigabytes_is_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems would fill the hole.");
        const ulong FirstPage = 2_100_000;
        History history = History.Random(new Random(1), 2000, 100);
        history.Write(("large", new byte[20_000]));
        BoltImage image = history.AddTo(new BoltFileBuilder { FirstPage = FirstPage, HasFreeList = false }).Build();
        int metaPages = 2 * image.PageSize;
        using (FileStream stream = File.Create(_file.Path))
        {
            stream.Write(image.Bytes.AsSpan(0, metaPages));
            stream.Position = (long)FirstPage * image.PageSize;
            stream.Write(image.Bytes.AsSpan(metaPages));
        }
        using SnapshotFile file = SnapshotFile.Open(_file.Path);
        SnapshotScan scan = file.Scan(
            new SnapshotScanOptions { ComputeSha256 = false },
            TestContext.Current.CancellationToken
        );
        Assert.Empty(scan.Findings);
        Assert.True(scan.SizeBytes > 8L * 1024 * 1024 * 1024);
        Assert.Equal(history.HashKv(history.Revision, -1), scan.Hash);
    }

    [Fact]
    public void A_copy_that_grew_ahead_of_its_database_is_read()
    {
        BoltImage image = Small();
        Assert.Empty(_file.Scan([.. image.Bytes, .. new byte[64 * image.PageSize]]).Findings);
    }

    [Fact]
    public void A_long_list_of_free_pages_is_read()
    {
        History history = History.Random(new Random(1), 10, 3);
        BoltImage image = history.AddTo(new BoltFileBuilder { PageSize = 1024, FreePages = 70_000 }).Build();
        SnapshotScan scan = _file.Scan(image.Bytes);
        Assert.Empty(scan.Findings);
        Assert.Equal(70_000, scan.PageCount - scan.UsedPageCount);
    }

    [Fact]
    public void The_newer_meta_page_counts()
    {
        BoltImage image = Small();
        BinaryPrimitives.WriteUInt64LittleEndian(image.Meta(1)[48..], 101);
        BinaryPrimitives.WriteUInt64LittleEndian(image.Meta(0)[16..], 3);
        BinaryPrimitives.WriteUInt64LittleEndian(image.Meta(0)[40..], 4);
        image.SealMeta(0);
        image.SealMeta(1);
        Assert.Empty(_file.Scan(image.Bytes).Findings);
    }

    [Fact]
    public void A_damaged_meta_page_leaves_the_rest_readable()
    {
        BoltImage image = Small();
        uint? hash = _file.Scan(image.Bytes).Hash;
        Assert.NotNull(hash);
        for (int id = 0; id < 2; id++)
        {
            BoltImage damaged = image.Copy();
            damaged.Meta(id)[20] ^= 1;
            SnapshotScan scan = _file.Scan(damaged.Bytes);
            SnapshotFinding finding = Assert.Single(scan.Findings);
            Assert.Equal((SnapshotFindingKind.MetaPageDamaged, (ulong)id), (finding.Kind, finding.PageId));
            Assert.Equal(hash, scan.Hash);
        }
    }

    [Fact]
    public void Buckets_inside_an_unknown_bucket_are_counted()
    {
        var inner = new BoltBucket();
        for (int i = 0; i < 500; i++)
            inner.With(Proto.Text($"k{i}"), new byte[100]);
        var outer = new BoltBucket().With(Proto.Text("plain"), [1]);
        outer.Buckets[Proto.Text("inner")] = inner;
        outer.Buckets[Proto.Text("inline")] = new BoltBucket().With(Proto.Text("a"), [2]);
        BoltFileBuilder builder = History.Random(new Random(1), 10, 3).AddTo(new BoltFileBuilder());
        SnapshotScan scan = _file.Scan(builder.With("test", outer).Build().Bytes);
        Assert.Empty(scan.Findings);
        Assert.Equal(scan.PageCount - 5, scan.UsedPageCount);
    }

    public void Dispose() => _file.Dispose();

    private static BoltImage Small() => History.Random(new Random(1), 200, 20).AddTo(new BoltFileBuilder()).Build();
}
