using System.Security.Cryptography;
using EtcdMaint.Engine.Client;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>
/// A snapshot on its way to the disk: readable by its owner only from the first byte, since it holds every secret of
/// the cluster, and under another name until its checksum has been found right.
/// Source of the form: etcd-io/etcd, server/etcdserver/api/v3rpc/maintenance.go (SHA-256 appended to the stream).
/// </summary>
internal sealed class SnapshotFile : IAsyncDisposable
{
    private const int HashSize = 32;

    /// <summary>bbolt writes whole pages, the smallest of 512 bytes, and the checksum follows.</summary>
    private const int PageUnit = 512;

    /// <summary>Bytes: enough for the disk to work on, and little to wait for at the end.</summary>
    private const long FlushUnit = 32 << 20;

    /// <summary>Where the path leads when it is a link: what lies there is replaced, and the link stays.</summary>
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

    public SnapshotFile(string path, bool mayOverwrite)
    {
        _path = SnapshotPath.FollowLinks(path);

        // A name of its own: another run to the same path must neither lose its file nor finish this one's.
        _partPath = $"{_path}.{Guid.NewGuid():N}.part";
        _mayOverwrite = mayOverwrite;
        _file = Create(_partPath);
        _handle = _file.SafeFileHandle;
    }

    /// <summary>Bytes written so far.</summary>
    public long Size { get; private set; }

    /// <summary>Known once complete; lower-case hexadecimal.</summary>
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

    /// <summary>Checks what has come, writes it through to the disk, and gives the file its name.</summary>
    public void Complete(MemberAddress place)
    {
        byte[] computed = _hash.GetHashAndReset();
        if (Size % PageUnit != HashSize || _tailLength != HashSize || !computed.AsSpan().SequenceEqual(_tail))
            throw new EtcdException(
                ErrorIds.SnapshotDamaged,
                EtcdErrorCategory.InvalidData,
                $"The snapshot from {place} did not arrive whole: its checksum does not match.",
                "Try again; nothing was left behind.",
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
            // It tries once more to write what the disk had no room for.
        }
        finally
        {
            if (Sha256.Length == 0)
                File.Delete(_partPath);
        }
    }

    /// <summary>
    /// What has come goes to the disk while more comes, one flush at a time; what a flush finds is told before the
    /// next.
    /// </summary>
    private async ValueTask FlushBesideAsync()
    {
        if (Size - _flushed < FlushUnit || !_flushing.IsCompleted)
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
    /// The last 32 bytes are the checksum and no part of what it covers, so they are held back until more comes.
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
            "Check the rights on the folder and the room on the disk.",
            path,
            cause
        );
}
