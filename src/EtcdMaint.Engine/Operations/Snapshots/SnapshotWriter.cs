using System.Security.Cryptography;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Safety;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>
/// A snapshot that is being written. Only its owner can read it from the first byte on, because it contains every
/// secret of the cluster. It has another name until its checksum is verified. Source of the format: etcd-io/etcd,
/// server/etcdserver/api/v3rpc/maintenance.go (SHA-256 appended to the stream).
/// </summary>
internal sealed class SnapshotWriter : IAsyncDisposable
{
    private const int HashSize = 32;

    /// <summary>bbolt writes whole pages of at least 512 bytes, and the checksum follows.</summary>
    private const int PageUnit = 512;

    /// <summary>The target of the path if it is a link. The file there is replaced, and the link remains.</summary>
    private readonly string _path;
    private readonly string _partPath;
    private readonly bool _mayOverwrite;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _tail = new byte[HashSize];
    private readonly SafeFileHandle _handle;
    private FileStream? _file;
    private int _tailLength;
    private Task _flushing = Task.CompletedTask;
    private long _flushed;

    public SnapshotWriter(string path, bool mayOverwrite)
    {
        _path = SnapshotPath.FollowLinks(path);

        // A unique name: another run with the same path must neither lose its file nor complete the file of this run.
        _partPath = $"{_path}.{Guid.NewGuid():N}.part";
        _mayOverwrite = mayOverwrite;
        _file = Create(_partPath);
        _handle = _file.SafeFileHandle;
    }

    /// <summary>The number of bytes written so far.</summary>
    public long Size { get; private set; }

    /// <summary>The checksum in lower-case hexadecimal digits, after the snapshot is complete.</summary>
    public string Sha256 { get; private set; } = "";

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _file!.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            await FlushBesideAsync().ConfigureAwait(false);
        }
        catch (IOException cause)
        {
            throw Unwritable(_partPath, cause);
        }
        Size += bytes.Length;
        HashAllButTail(bytes.Span);
    }

    /// <summary>Verifies the data, writes it to the disk, and renames the file.</summary>
    public void Complete(MemberAddress place)
    {
        byte[] computed = _hash.GetHashAndReset();
        if (Size % PageUnit != HashSize || _tailLength != HashSize || !computed.AsSpan().SequenceEqual(_tail))
            throw new EtcdException(
                ErrorIds.SnapshotDamaged,
                EtcdErrorCategory.InvalidData,
                $"The snapshot from {place} is incomplete or damaged: its checksum does not match.",
                "Try again. No file was left behind.",
                _path
            );
        try
        {
            _flushing.GetAwaiter().GetResult();
            _file!.Flush(flushToDisk: true);
            _file.Dispose();
            _file = null;
            File.Move(_partPath, SnapshotPath.FollowLinks(_path), _mayOverwrite);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(_path, cause);
        }
        Sha256 = Convert.ToHexString(computed).ToLowerInvariant();
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _flushing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (_file is not null)
                await _file.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The stream tries once more to write the data for which the disk had no room.
        }
        finally
        {
            if (Sha256.Length == 0)
                File.Delete(_partPath);
        }
    }

    /// <summary>
    /// Writes data to the disk while more arrives, one flush at a time. An error of a flush is reported before the next
    /// one.
    /// </summary>
    private async ValueTask FlushBesideAsync()
    {
        if (Size - _flushed < Limits.Snapshots.FlushBytes || !_flushing.IsCompleted)
            return;
        await _flushing.ConfigureAwait(false);
        _flushed = Size;
        _flushing = Task.Run(() => RandomAccess.FlushToDisk(_handle));
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 1 << 20,
        };
        try
        {
            if (OperatingSystem.IsWindows())
                return OwnerOnlyFile.Create(path, options);

            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new FileStream(path, options);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, cause);
        }
    }

    /// <summary>
    /// Hashes all bytes except the last 32, which are the checksum. They are held back until more bytes arrive.
    /// </summary>
    private void HashAllButTail(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= HashSize)
        {
            _hash.AppendData(_tail.AsSpan(0, _tailLength));
            _hash.AppendData(bytes[..^HashSize]);
            bytes[^HashSize..].CopyTo(_tail);
            _tailLength = HashSize;
            return;
        }
        int surplus = Math.Max(0, _tailLength + bytes.Length - HashSize);
        _hash.AppendData(_tail.AsSpan(0, surplus));
        _tail.AsSpan(surplus, _tailLength - surplus).CopyTo(_tail);
        bytes.CopyTo(_tail.AsSpan(_tailLength - surplus));
        _tailLength += bytes.Length - surplus;
    }

    internal static EtcdException Unwritable(string path, Exception cause) =>
        new(
            ErrorIds.SnapshotUnwritable,
            EtcdErrorCategory.WriteError,
            $"The file {path} cannot be written: {cause.Message.TrimEnd('.')}.",
            "Check the permissions of the folder and the free space on the disk.",
            path,
            cause
        );
}
