using EtcdMaint.Snapshot.Bolt;
using EtcdMaint.Snapshot.Content;
using EtcdMaint.Snapshot.Hashing;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint.Snapshot;

/// <summary>Reads one file once.</summary>
internal sealed class SnapshotScanner(
    SafeFileHandle? file,
    long size,
    bool hasChecksum,
    SnapshotScanOptions options,
    CancellationToken cancellationToken
)
{
    public const int ChecksumSize = 32;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private readonly FindingLog _log = new(options.MaximumFindings);
    private readonly long _databaseSize = size - (hasChecksum ? ChecksumSize : 0);

    public SnapshotScan Scan()
    {
        var scan = new SnapshotScan { SizeBytes = size, HasChecksum = hasChecksum };
        if (file is null)
        {
            _log.Add(SnapshotFindingKind.FileEmpty, "The file is empty, or it is not a regular file.");
            return WithFindings(scan);
        }

        using var stopHashing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        FileHasher? hasher = options.ComputeSha256 ? FileHasher.Start(file, _databaseSize, stopHashing.Token) : null;
        try
        {
            scan = ScanDatabase(file, scan, hasher);
            return WithFindings(hasher is null ? scan : scan with { Sha256 = CompareChecksum(file, hasher) });
        }
        finally
        {
            // The other thread must not use the file after it is closed, also after a failure of this one.
            if (hasher is not null)
            {
                stopHashing.Cancel();
                hasher.Wait(Timeout.InfiniteTimeSpan);
            }
        }
    }

    public uint? ComputeHash(long revision, long compactRevision)
    {
        if (file is null)
            return null;
        var reader = new PageReader(file, _databaseSize);
        try
        {
            return BoltDatabase.Find(reader, _log) is { } database
                ? DatabaseReader
                    .Open(reader, database, null, options, _log, cancellationToken)
                    .ComputeHash(revision, compactRevision)
                : null;
        }
        catch (ReadFailedException)
        {
            return null;
        }
    }

    private SnapshotScan ScanDatabase(SafeFileHandle handle, SnapshotScan scan, FileHasher? hasher)
    {
        var reader = new PageReader(handle, _databaseSize);
        BoltDatabase? database = null;
        try
        {
            database = BoltDatabase.Find(reader, _log);
            if (database is null)
                return scan;
            scan = scan with
            {
                PageSize = database.PageSize,
                PageCount = (long)database.PagesInFile,
                HasFreeList = database.FreeList is not null,
            };
            Func<double>? otherHalf = hasher is null ? null : () => hasher.Fraction;
            return DatabaseReader
                .Open(reader, database, otherHalf, options, _log, cancellationToken)
                .ReadAll(scan, options.Visitor);
        }
        catch (ReadFailedException error)
        {
            ulong? page = database is null ? null : (ulong)(error.Offset / database.PageSize);
            _log.Add(
                SnapshotFindingKind.ReadFailed,
                page,
                $"The file could not be read at byte {error.Offset}: {error.Message}"
            );
            return scan;
        }
    }

    /// <returns>The SHA-256 of the database; null if the file could not be read.</returns>
    private string? CompareChecksum(SafeFileHandle handle, FileHasher hasher)
    {
        while (!hasher.Wait(ProgressInterval))
        {
            cancellationToken.ThrowIfCancellationRequested();
            options.Progress?.Report((1 + hasher.Fraction) / 2);
        }
        try
        {
            byte[] computed = hasher.Result();
            if (hasChecksum && !ReadChecksum(handle).AsSpan().SequenceEqual(computed))
                _log.Add(
                    SnapshotFindingKind.ChecksumMismatch,
                    "The SHA-256 at the end of the file is not that of the database before it."
                );
            options.Progress?.Report(1);
            return Convert.ToHexString(computed).ToLowerInvariant();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _log.Add(SnapshotFindingKind.ReadFailed, $"The file could not be read: {error.Message}");
            return null;
        }
    }

    private byte[] ReadChecksum(SafeFileHandle handle)
    {
        byte[] checksum = new byte[ChecksumSize];
        if (RandomAccess.Read(handle, checksum, _databaseSize) < ChecksumSize)
            throw new EndOfStreamException("the file became shorter while it was read");
        return checksum;
    }

    private SnapshotScan WithFindings(SnapshotScan scan) =>
        scan with
        {
            Findings = _log.Findings,
            FindingCount = _log.Count,
        };
}
