using System.Diagnostics;
using EtcdMaint.Snapshot.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Snapshot.Tests.Bolt;

/// <summary>
/// Random changes of random files. No change may cause an exception, an endless loop, or memory that the size of the
/// file does not justify. A failure names its seed, which <c>ETCDMAINT_SEED</c> starts with; with
/// <c>ETCDMAINT_LONG=1</c> there are far more files.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>The window of the reader, the sets, and the findings.</summary>
    private const long MostBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan LongestScan = TimeSpan.FromSeconds(5);

    private readonly TemporaryFile _file = new();

    [Fact]
    public void No_file_causes_an_exception()
    {
        int files = LongTests.AreWanted ? 400_000 : 3_000;
        int valid = 0;
        var kinds = new HashSet<SnapshotFindingKind>();
        BoltImage image = Build(0);
        for (int seed = FirstSeed.Value; seed < FirstSeed.Value + files; seed++)
        {
            if (seed % 50 == 0)
                image = Build(seed);
            try
            {
                SnapshotScan scan = Check(image, new Random(seed));
                valid += scan.IsValid ? 1 : 0;
                kinds.UnionWith(scan.Findings.Select(finding => finding.Kind));
            }
            catch (Exception error)
            {
                Assert.Fail($"Seed {seed}: {error}");
            }
        }
        output.WriteLine($"{valid} of {files} files stayed valid; found: {string.Join(", ", kinds.Order())}");
        Assert.True(kinds.Count >= 15, $"only {string.Join(", ", kinds)}");
    }

    public void Dispose() => _file.Dispose();

    private SnapshotScan Check(BoltImage intact, Random random)
    {
        byte[] bytes = Mutate(intact.Copy(), random);
        using SnapshotFile file = _file.Write(bytes);
        var options = new SnapshotScanOptions
        {
            ComputeSha256 = random.Next(20) == 0,
            Visitor = static (in SnapshotRevision revision) => _ = revision.Key.Length + revision.Value.Length,
        };
        long before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        SnapshotScan scan = file.Scan(options, TestContext.Current.CancellationToken);
        file.ComputeHash(scan.Revision, scan.CompactRevision, null, TestContext.Current.CancellationToken);
        Assert.True(clock.Elapsed < LongestScan, $"the scan took {clock.Elapsed}");
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < MostBytes + bytes.Length * 4L, $"{allocated} bytes were allocated");
        return scan;
    }

    private static byte[] Mutate(BoltImage image, Random random)
    {
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            int page = random.Next(image.Bytes.Length / image.PageSize) * image.PageSize;
            switch (random.Next(8))
            {
                case 0:
                    image.Bytes[random.Next(image.Bytes.Length)] = (byte)random.Next(256);
                    break;
                case 1 or 2:
                    // Where the structure is: headers and elements.
                    image.Bytes[page + random.Next(200)] ^= (byte)(1 << random.Next(8));
                    break;
                case 3:
                    int field = page + random.Next(20) * 4;
                    BitConverter.TryWriteBytes(image.Bytes.AsSpan(field), Interesting(random));
                    break;
                case 4:
                    int other = random.Next(image.Bytes.Length / image.PageSize) * image.PageSize;
                    image.Bytes.AsSpan(page, image.PageSize).CopyTo(image.Bytes.AsSpan(other));
                    if (random.Next(2) == 0)
                        BitConverter.TryWriteBytes(image.Bytes.AsSpan(other), (ulong)(other / image.PageSize));
                    break;
                case 5:
                    int id = random.Next(2);
                    BitConverter.TryWriteBytes(image.Meta(id)[(random.Next(14) * 4)..], Interesting(random));
                    image.SealMeta(id);
                    break;
                case 6:
                    BoltPage target = image.Pages[random.Next(image.Pages.Count)];
                    int element = image.Offset(target) + 16 + 16 * random.Next(Math.Max(1, target.Count));
                    BitConverter.TryWriteBytes(image.Bytes.AsSpan(element + random.Next(4) * 4), Interesting(random));
                    break;
                default:
                    random.NextBytes(image.Bytes.AsSpan(page, random.Next(image.PageSize)));
                    break;
            }
        }
        return random.Next(10) switch
        {
            0 => image.Bytes[..random.Next(image.Bytes.Length)],
            < 5 => image.WithChecksum(),
            _ => image.Bytes,
        };
    }

    private static uint Interesting(Random random) =>
        random.Next(4) switch
        {
            0 => (uint)random.Next(64),
            1 => uint.MaxValue - (uint)random.Next(32),
            2 => 1u << random.Next(32),
            _ => (uint)random.NextInt64(uint.MaxValue),
        };

    private static BoltImage Build(int seed)
    {
        var random = new Random(seed);
        History history = History.Random(random, random.Next(10, 200), random.Next(1, 20), random.Next(1, 300));
        if (random.Next(2) == 0)
            history.Compact(random.NextInt64(1, history.Revision + 1), keepsTombstone: true);
        return history
            .AddTo(
                new BoltFileBuilder
                {
                    PageSize = random.Next(4) == 0 ? 4096 : 1024,
                    HasFreeList = random.Next(2) == 0,
                    Inline = random.Next(2) == 0,
                    FreePages = random.Next(4),
                    Random = random,
                }
            )
            .Build();
    }
}
