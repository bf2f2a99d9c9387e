namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>A file for one test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-file-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "snapshot.db");

    public string FolderPath => _folder.FullName;

    public SnapshotScan Scan(byte[] bytes, SnapshotScanOptions? options = null)
    {
        using SnapshotFile file = Write(bytes);
        return file.Scan(options, TestContext.Current.CancellationToken);
    }

    public SnapshotFile Write(byte[] bytes)
    {
        File.WriteAllBytes(Path, bytes);
        return SnapshotFile.Open(Path);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
