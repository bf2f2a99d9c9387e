using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EtcdMaint.TestCluster;

/// <summary>A release archive of the etcd project, known by its checksum.</summary>
internal sealed record ReleaseArchive(string Version, string Platform, string Sha256)
{
    private static readonly ReleaseArchive[] Known =
    [
        new("3.7.1", "linux-amd64", "e8cd3fa8064c98137c5dbd78b76f969417ace84efb83c481041d7a52ffdd8fb9"),
        new("3.7.1", "linux-arm64", "d7e25e08f694b6ed7792fc7b7a891fe2c3f3d3dccfe2f3bfdb1547b0eb75b6da"),
        new("3.6.14", "linux-amd64", "ffe840ff9295808e88cce2794a18a5ac87f12a5203c8314d0bf6aa119b41bac5"),
        new("3.6.14", "linux-arm64", "fa1b80565ee6fc2df1ae6f57a508b221f3ecc7d591c317c581cd8281b0842b3e"),
        new("3.5.21", "linux-amd64", "adddda4b06718e68671ffabff2f8cee48488ba61ad82900e639d108f2148501c"),
        new("3.5.21", "linux-arm64", "95bf6918623a097c0385b96f139d90248614485e781ec9bee4768dbb6c79c53f"),
    ];

    public string Name => $"etcd-v{Version}-{Platform}";

    public string Url => $"https://github.com/etcd-io/etcd/releases/download/v{Version}/{Name}.tar.gz";

    /// <summary>An archive of the same minor version (3.5 for "3.5.30") that runs here, or null.</summary>
    public static ReleaseArchive? Find(string release)
    {
        var line = string.Join('.', release.Split('.').Take(2)) + ".";
        return Array.Find(
            Known,
            archive => archive.Version.StartsWith(line, StringComparison.Ordinal) && archive.Platform == CurrentPlatform
        );
    }

    public async Task UnpackAsync(string folder, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(3) };
        await UnpackAsync(await client.GetByteArrayAsync(Url, cancellation), folder, cancellation);
    }

    /// <summary>Extracts the programs from the archive, if its checksum is the known one.</summary>
    internal async Task UnpackAsync(byte[] archive, string folder, CancellationToken cancellation)
    {
        var actual = Convert.ToHexStringLower(SHA256.HashData(archive));
        if (actual != Sha256)
            throw new InvalidOperationException($"{Url} has the checksum {actual}, not {Sha256}, and is not used.");

        await using var unzipped = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        await using var reader = new TarReader(unzipped);
        while (await reader.GetNextEntryAsync(cancellationToken: cancellation) is { } entry)
        {
            var name = Path.GetFileName(entry.Name);
            if (
                entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile
                && name is "etcd" or "etcdctl" or "etcdutl"
            )
                await entry.ExtractToFileAsync(Path.Combine(folder, name), overwrite: false, cancellation);
        }
    }

    private static string CurrentPlatform
    {
        get
        {
            var architecture = RuntimeInformation.OSArchitecture switch
            {
                Architecture.X64 => "amd64",
                Architecture.Arm64 => "arm64",
                var other => other.ToString().ToLowerInvariant(),
            };
            string system =
                OperatingSystem.IsLinux() ? "linux"
                : OperatingSystem.IsMacOS() ? "darwin"
                : "other";
            return $"{system}-{architecture}";
        }
    }
}
