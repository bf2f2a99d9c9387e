using Microsoft.Win32.SafeHandles;

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>
/// Reads ranges of the file through one window of at most 256 KiB. The window grows while reads are close to each
/// other, and shrinks while they jump. A larger range has a buffer of its own.
/// </summary>
/// <remarks>
/// The file is not mapped into memory: a read error, or a file that becomes shorter, would end the whole process
/// (SIGBUS) instead of being a finding, and the resident memory would grow to the size of the file.
/// </remarks>
internal sealed class PageReader(SafeFileHandle file, long length)
{
    private const int SmallestWindow = 8 * 1024;
    private const int LargestWindow = 256 * 1024;

    private readonly byte[] _window = new byte[LargestWindow];
    private byte[] _large = [];
    private long _start;
    private int _filled;
    private int _size = SmallestWindow;
    private long _usedBytes;

    /// <summary>The bytes of the database: the file without its checksum.</summary>
    public long Length => length;

    /// <summary>
    /// The range, until the next call. The caller has checked that it lies within <see cref="Length"/>.
    /// </summary>
    /// <exception cref="ReadFailedException">The range could not be read.</exception>
    public ReadOnlySpan<byte> Read(long offset, int count)
    {
        if (offset >= _start && offset + count <= _start + _filled)
        {
            _usedBytes += count;
            return _window.AsSpan((int)(offset - _start), count);
        }
        if (count > LargestWindow)
            return ReadLarge(offset, count);
        MoveTo(offset, count);
        _usedBytes = count;
        return _window.AsSpan((int)(offset - _start), count);
    }

    private void MoveTo(long offset, int count)
    {
        _size = _usedBytes * 2 >= _filled ? Math.Min(_size * 2, LargestWindow) : Math.Max(_size / 2, SmallestWindow);
        int size = Math.Max(_size, count);
        // A scan goes backward: the window lies mostly before the wanted range. What is behind it has overflow pages of
        // this range. Where pages lie the other way round, the window lies behind.
        long start = offset < _start ? Math.Min(offset, offset + count + size / 4 - size) : offset;
        start = Math.Clamp(start, 0, Math.Max(0, length - size));
        size = (int)Math.Min(size, length - start);
        _filled = 0;
        Fill(start, _window.AsSpan(0, size));
        _start = start;
        _filled = size;
    }

    private Span<byte> ReadLarge(long offset, int count)
    {
        if (_large.Length < count)
            _large = new byte[
                (int)Math.Min(BoltFormat.LargestRun, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count))
            ];
        Span<byte> range = _large.AsSpan(0, count);
        Fill(offset, range);
        return range;
    }

    private void Fill(long offset, Span<byte> range)
    {
        while (!range.IsEmpty)
        {
            int read;
            try
            {
                read = RandomAccess.Read(file, range, offset);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new ReadFailedException(offset, error.Message, error);
            }
            if (read == 0)
                throw new ReadFailedException(offset, "the file became shorter while it was read");
            range = range[read..];
            offset += read;
        }
    }
}
