using EtcdMaint.Snapshot.Bolt;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint.Snapshot;

/// <summary>
/// A file with the database of an etcd member: a snapshot that a server sent, or a copy of the file <c>db</c>. It is
/// only read. A scan tells whether the file is intact and what it contains, without the programs of etcd.
/// </summary>
/// <remarks>
/// The memory that a scan takes does not depend on the size of the file, apart from two bits for each page, and 16 to
/// 64 bytes for each key that was changed after the last compaction. Damage is a finding, never an exception.
/// </remarks>
/// <example>
/// <code>
/// using SnapshotFile file = SnapshotFile.Open("etcd.db");
/// SnapshotScan scan = file.Scan();
/// Console.WriteLine($"{scan.IsValid}: {scan.KeyCount} keys at revision {scan.Revision}");
/// </code>
/// </example>
public sealed class SnapshotFile : IDisposable
{
    private readonly SafeFileHandle? _handle;

    private SnapshotFile(string path, SafeFileHandle? handle, long sizeBytes)
    {
        Path = path;
        _handle = handle;
        SizeBytes = sizeBytes;
    }

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <summary>The size, in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>
    /// Whether the file ends with a SHA-256, judged by its size as etcd does: a database consists of pages, whose size
    /// is a multiple of 512, and a server appends 32 bytes to it.
    /// </summary>
    public bool HasChecksum => SizeBytes % 512 == SnapshotScanner.ChecksumSize;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The file; also if it is damaged or empty.</returns>
    /// <exception cref="SnapshotFileException">The file could not be opened.</exception>
    public static SnapshotFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (Directory.Exists(path))
                throw new SnapshotFileException(SnapshotFileError.IsFolder, $"{path} is a folder.");
            var file = new FileInfo(path);
            // Pipes and devices have no length either. Opening a pipe would wait for its writer.
            if (file.Exists && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            if (file is { Exists: true, Length: 0 })
                return new SnapshotFile(path, null, 0);
            SafeFileHandle handle = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            return new SnapshotFile(path, handle, RandomAccess.GetLength(handle));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SnapshotFileException(SnapshotFileError.NotFound, $"The file {path} does not exist.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new SnapshotFileException(SnapshotFileError.AccessDenied, $"The file {path} may not be read.", error);
        }
        catch (IOException error) when (error is not SnapshotFileException)
        {
            throw new SnapshotFileException(
                SnapshotFileError.Unreadable,
                $"The file {path} cannot be read: {error.Message}",
                error
            );
        }
    }

    /// <summary>Checks the whole file, and reads its content once.</summary>
    /// <param name="options">What the scan does beside that; null for the default.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="OperationCanceledException">The scan was cancelled.</exception>
    public SnapshotScan Scan(SnapshotScanOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SnapshotScanOptions();
        return new SnapshotScanner(_handle, SizeBytes, HasChecksum, options, cancellationToken).Scan();
    }

    /// <summary>
    /// Computes the hash that a server answers to HashKV at a revision, if its compacted revision is the given one. It
    /// reads only the revisions, not the checksum.
    /// </summary>
    /// <param name="revision">A revision from <paramref name="compactRevision"/> to
    /// <see cref="SnapshotScan.Revision"/>. The hash of later revisions would need data that the file does not
    /// have.</param>
    /// <param name="compactRevision">The compacted revision of the server, not below
    /// <see cref="SnapshotScan.CompactRevision"/>; -1 before the first compaction.</param>
    /// <param name="progress">Receives the completed fraction, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// The hash; null if the revisions are damaged, or the file does not contain what the hash needs.
    /// </returns>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public uint? ComputeHash(
        long revision,
        long compactRevision,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var options = new SnapshotScanOptions { ComputeSha256 = false, Progress = progress };
        return new SnapshotScanner(_handle, SizeBytes, HasChecksum, options, cancellationToken).ComputeHash(
            revision,
            compactRevision
        );
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle?.Dispose();
}
