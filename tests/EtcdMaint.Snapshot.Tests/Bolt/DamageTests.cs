using EtcdMaint.Snapshot.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Snapshot.Tests.Bolt;

/// <summary>Each damage is found, and named by its kind.</summary>
public sealed class DamageTests : IDisposable
{
    private static readonly int FilesPerDamage = LongTests.AreWanted ? 200 : 6;

    private static readonly BoltImage Intact = Build(4096);
    private static readonly BoltImage IntactWithLargePages = Build(8192);

    private readonly TemporaryFile _file = new();

    public static TheoryData<string> Names => [.. Damage.OfPages.Select(damage => damage.Name)];

    [Fact]
    public void The_files_are_intact_before_the_damage()
    {
        Assert.Empty(_file.Scan(Intact.Bytes).Findings);
        Assert.Empty(_file.Scan(IntactWithLargePages.WithChecksum()).Findings);
        Assert.True(Intact.Of(BoltPage.Branch).Count > 2);
    }

    /// <summary>Of copies, and of snapshots whose checksum is that of the damaged database.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Damage_of_the_database_is_found(string name)
    {
        Damage damage = Damage.OfPages.Single(candidate => candidate.Name == name);
        for (int seed = FirstSeed.Value; seed < FirstSeed.Value + FilesPerDamage; seed++)
        {
            var random = new Random(seed);
            BoltImage image = (seed % 2 == 0 ? Intact : IntactWithLargePages).Copy();
            damage.Apply(image, random);
            bool isSnapshot = image.Bytes.Length % 512 == 0 && random.Next(2) == 0;
            SnapshotScan scan = _file.Scan(isSnapshot ? image.WithChecksum() : image.Bytes);
            Assert.False(scan.IsValid, $"{name}, seed {seed}: nothing was found");
            Assert.True(
                scan.Findings.Any(finding => damage.Expected.Contains(finding.Kind)),
                $"{name}, seed {seed}: {string.Join(' ', scan.Findings)}"
            );
            Assert.DoesNotContain(scan.Findings, finding => finding.Kind is SnapshotFindingKind.ReadFailed);
        }
    }

    /// <summary>The checksum finds what the pages cannot show.</summary>
    [Fact]
    public void A_bit_that_flips_anywhere_in_a_snapshot_is_found()
    {
        byte[] snapshot = Intact.WithChecksum();
        for (int seed = FirstSeed.Value; seed < FirstSeed.Value + 40; seed++)
        {
            var random = new Random(seed);
            byte[] damaged = [.. snapshot];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            SnapshotScan scan = _file.Scan(damaged);
            Assert.Contains(scan.Findings, finding => finding.Kind == SnapshotFindingKind.ChecksumMismatch);
        }
    }

    [Fact]
    public void A_snapshot_that_ends_within_its_checksum_is_found()
    {
        byte[] snapshot = Intact.WithChecksum();
        for (int missing = 1; missing < 32; missing++)
        {
            SnapshotScan scan = _file.Scan(snapshot[..^missing]);
            Assert.Equal(SnapshotFindingKind.FileSizeInvalid, Assert.Single(scan.Findings).Kind);
        }
    }

    /// <summary>
    /// etcd sends a snapshot in parts of 32 KiB, so a file may end at a size that looks like a checksum.
    /// </summary>
    [Fact]
    public void A_snapshot_that_ends_anywhere_is_found()
    {
        byte[] snapshot = Intact.WithChecksum();
        for (int seed = FirstSeed.Value; seed < FirstSeed.Value + 40; seed++)
        {
            int length = new Random(seed).Next(1, snapshot.Length - 32);
            if (seed % 2 == 0)
                length = length / 512 * 512 + 32;
            SnapshotScan scan = _file.Scan(snapshot[..length]);
            Assert.Contains(
                scan.Findings,
                finding => finding.Kind is SnapshotFindingKind.FileTruncated or SnapshotFindingKind.NotBoltFile
            );
        }
    }

    [Fact]
    public void Only_a_part_of_many_findings_is_kept()
    {
        BoltImage image = Intact.Copy();
        foreach (BoltPage page in image.Of(BoltPage.Leaf))
            image.At(page).Clear();
        SnapshotScan scan = _file.Scan(image.Bytes, new SnapshotScanOptions { MaximumFindings = 3 });
        Assert.Equal(3, scan.Findings.Count);
        Assert.Equal(image.Of(BoltPage.Leaf).Count, scan.FindingCount);
        Assert.Null(scan.Hash);
        Assert.Null(scan.StatusHash);
    }

    [Fact]
    public void A_chain_of_pages_that_never_ends_is_found()
    {
        // Each branch page has one element, which refers to the next page.
        BoltImage image = Intact.Copy();
        const int Pages = 100;
        ulong first = (ulong)(image.Bytes.Length / image.PageSize);
        byte[] key = [0];
        byte[] chain = new byte[Pages * image.PageSize];
        for (int i = 0; i < Pages; i++)
        {
            Span<byte> page = chain.AsSpan(i * image.PageSize);
            BitConverter.TryWriteBytes(page, first + (ulong)i);
            page[8] = (byte)BoltPage.Branch;
            page[10] = 1;
            BitConverter.TryWriteBytes(page[16..], 16);
            BitConverter.TryWriteBytes(page[20..], key.Length);
            BitConverter.TryWriteBytes(page[24..], first + (ulong)i + 1);
            key.CopyTo(page[32..]);
        }
        image.Bytes = [.. image.Bytes, .. chain];
        BitConverter.TryWriteBytes(image.Meta(0)[16..], first);
        BitConverter.TryWriteBytes(image.Meta(0)[40..], first + Pages);
        image.SealMeta(0);
        SnapshotScan scan = _file.Scan(image.Bytes);
        Assert.Contains(scan.Findings, finding => finding.Kind == SnapshotFindingKind.TreeTooDeep);
    }

    public void Dispose() => _file.Dispose();

    private static BoltImage Build(int pageSize)
    {
        var random = new Random(pageSize);
        History history = History.Random(random, 6000, 300, largestValue: pageSize / 16);
        history.Write(("large", new byte[pageSize * 3]));
        return history
            .AddTo(
                new BoltFileBuilder
                {
                    PageSize = pageSize,
                    Random = random,
                    FreePages = 12,
                }
            )
            .Build();
    }
}
