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

    [Theory]
    [InlineData("3.6")]
    [InlineData("3.7")]
    public async Task The_newest_releases_belong_to_the_matrix_and_a_skip_names_the_variable(string release)
    {
        Assert.Contains(release, EtcdReleases.Names);
        var lookup = await EtcdReleases.FindAsync(release);
        if (lookup.IsAvailable)
            Assert.True(lookup.Binaries.Covers(release), lookup.Binaries.ToString());
        else
            Assert.Contains($"ETCDMAINT_ETCD_{release.Replace('.', '_')}", lookup.Reason);
    }

    [Theory]
    [InlineData("3.4.23", false, "etcdctl")]
    [InlineData("3.5.30", false, "etcdctl")]
    [InlineData("3.5.30", true, "etcdutl")]
    [InlineData("3.6.14", true, "etcdutl")]
    public void Snapshots_are_read_by_etcdutl_where_it_exists(string version, bool hasEtcdutl, string tool)
    {
        using var folder = new ProgramFolder(hasEtcdutl);
        Assert.Equal(folder.Program(tool), folder.Binaries(version).SnapshotTool);
    }

    [Fact]
    public void A_folder_of_3_6_without_etcdutl_is_reported_with_the_missing_file()
    {
        using var folder = new ProgramFolder(hasEtcdutl: false);
        var error = Assert.Throws<InvalidOperationException>(() => folder.Binaries("3.6.14").SnapshotTool);
        Assert.Contains(folder.Program("etcdutl"), error.Message);
    }

    [Fact]
    public async Task An_archive_is_unpacked_only_if_its_checksum_is_correct()
    {
        var bytes = await PackAsync(
            "etcd-v1.0.0-test/etcd",
            "etcd-v1.0.0-test/etcdctl",
            "etcd-v1.0.0-test/etcdutl",
            "etcd-v1.0.0-test/README.md"
        );
        var folder = Directory.CreateTempSubdirectory("etcdmaint-archive-").FullName;
        try
        {
            var wrong = new ReleaseArchive("1.0.0", "test", new string('0', 64));
            await Assert.ThrowsAsync<InvalidOperationException>(() => wrong.UnpackAsync(bytes, folder, Cancellation));
            Assert.Empty(Directory.EnumerateFiles(folder));

            var right = wrong with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
            await right.UnpackAsync(bytes, folder, Cancellation);
            Assert.Equal(
                ["etcd", "etcdctl", "etcdutl"],
                Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order()
            );
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

    /// <summary>A folder of empty files that are named like the programs of a release.</summary>
    private sealed class ProgramFolder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("etcdmaint-programs-").FullName;

        public ProgramFolder(bool hasEtcdutl)
        {
            foreach (var name in hasEtcdutl ? new[] { "etcd", "etcdctl", "etcdutl" } : ["etcd", "etcdctl"])
                File.WriteAllText(Program(name), "");
        }

        public string Program(string name) => Path.Combine(_path, name);

        public EtcdBinaries Binaries(string version) =>
            new(Program("etcd"), Program("etcdctl"), Version.Parse(version), "test");

        public void Dispose() => Directory.Delete(_path, recursive: true);
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
