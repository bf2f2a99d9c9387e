using System.IO.Compression;

namespace EtcdMaint.ModulePacker;

/// <summary>The same files give the same bytes: sorted, with the same time and mode for all of them.</summary>
internal static class ReproducibleZip
{
    private const int RegularFileReadableByAll = 0b1_000_000_110_100_100 << 16;

    // The earliest time that a zip can contain.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(string path, IEnumerable<PackedFile> files)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (PackedFile file in files.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            ZipArchiveEntry entry = archive.CreateEntry(file.Path, CompressionLevel.SmallestSize);
            entry.LastWriteTime = Time;
            entry.ExternalAttributes = RegularFileReadableByAll;
            using Stream stream = entry.Open();
            stream.Write(file.Content);
        }
    }
}
