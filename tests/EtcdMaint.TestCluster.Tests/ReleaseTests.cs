using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace EtcdMaint.TestCluster.Tests;

public sealed class ReleaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("3.5", true)]
    [InlineData("3.5.16", true)]
    [InlineData("3.5.1", false)]
    [InlineData("3.4", false)]
    public void A_release_is_compared_number_by_number_with_versions(string release, bool covered) =>
        Assert.Equal(covered, new EtcdBinaries("", "", new Version(3, 5, 16), "").Covers(release));

    [Fact]
    public async Task A_missing_release_is_reported_with_the_reason_and_a_remedy()
    {
        var lookup = await EtcdReleases.FindAsync("9.9");
        Assert.False(lookup.IsAvailable);
        Assert.StartsWith("etcd 9.9 is not available: ", lookup.Reason);
        Assert.Contains("ETCDMAINT_ETCD_9_9", lookup.Reason);
        Assert.Throws<InvalidOperationException>(lookup.BinariesOrThrow);
    }

    [Fact]
    public async Task An_archive_is_unpacked_only_if_its_checksum_is_correct()
    {
        var bytes = await PackAsync("etcd-v1.0.0-test/etcd", "etcd-v1.0.0-test/etcdctl", "etcd-v1.0.0-test/README.md");
        var folder = Directory.CreateTempSubdirectory("etcdmaint-archive-").FullName;
        try
        {
            var wrong = new ReleaseArchive("1.0.0", "test", new string('0', 64));
            await Assert.ThrowsAsync<InvalidOperationException>(() => wrong.UnpackAsync(bytes, folder, Cancellation));
            Assert.Empty(Directory.EnumerateFiles(folder));

            var right = wrong with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
            await right.UnpackAsync(bytes, folder, Cancellation);
            Assert.Equal(["etcd", "etcdctl"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task One_of_several_simultaneous_callers_fills_a_missing_folder_of_the_cache()
    {
        var name = $"test/{Guid.NewGuid():N}";
        var fills = 0;
        try
        {
            var folders = await Task.WhenAll(
                Enumerable
                    .Range(0, 5)
                    .Select(_ =>
                        Cache.GetAsync(
                            name,
                            async (target, token) =>
                            {
                                Interlocked.Increment(ref fills);
                                await Task.Delay(100, token);
                                await File.WriteAllTextAsync(Path.Combine(target, "content"), "complete", token);
                            },
                            Cancellation
                        )
                    )
            );
            Assert.Equal(1, fills);
            Assert.Equal(
                "complete",
                await File.ReadAllTextAsync(Path.Combine(Assert.Single(folders.Distinct()), "content"), Cancellation)
            );
        }
        finally
        {
            Directory.Delete(Path.Combine(Cache.Root, "test"), recursive: true);
        }
    }

    private static async Task<byte[]> PackAsync(params string[] names)
    {
        var bytes = new MemoryStream();
        await using (var writer = new TarWriter(new GZipStream(bytes, CompressionLevel.Fastest)))
        {
            foreach (var name in names)
                await writer.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1, 2, 3]) }
                );
        }
        return bytes.ToArray();
    }
}
