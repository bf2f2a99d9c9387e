using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint;

/// <summary>
/// A file of JSON objects, one on each line, to which several processes append in turn. The writer holds the lock,
/// which ends with its process. The lock is a file of its own, so that every program can read the lines meanwhile, on
/// Windows too.
/// </summary>
internal sealed class JsonLineFile : IDisposable
{
    private const byte LineFeed = (byte)'\n';

    private const int BlockSize = 64 * 1024;

    private readonly string _path;

    private readonly FileStream _lock;

    private SafeFileHandle _file;

    private LineAppender _lines;

    private JsonLineFile(string path, FileStream @lock)
    {
        (_path, _lock) = (path, @lock);
        (_file, _lines) = OpenForWriting(path);
    }

    /// <summary>The bytes of all lines.</summary>
    public long Length => _lines.Length;

    /// <summary>
    /// Opens the file for appending, creates it if it does not exist, and removes what a killed process left at its
    /// end. Returns null if another writer has it open.
    /// </summary>
    /// <param name="path">A full path. The target of a link is opened.</param>
    /// <param name="begin">The characters with which every line begins. A file that begins differently is another file,
    /// for example a report, and is not changed.</param>
    /// <exception cref="UnfitFileException">The path is not a regular file, or the file is another one.</exception>
    /// <exception cref="IOException">The file cannot be opened or repaired.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write the file or its folder.</exception>
    public static JsonLineFile? TryOpen(string path, string begin = "")
    {
        path = OutputFile.Resolve(path);
        if (TryLock(path) is not { } taken)
            return null;
        JsonLineFile? file = null;
        try
        {
            file = new JsonLineFile(path, taken);
            file.RequireBegin(Encoding.UTF8.GetBytes(begin));
            file.Repair();
            return file;
        }
        catch
        {
            file?._file.Dispose();
            taken.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads the lines, without the line feeds and without blank lines. Part of a line at the end is left out, also
    /// while another process appends it. A line is not necessarily JSON, because other programs can write the file.
    /// </summary>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="FileLine.MaximumBytes"/>.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(string path)
    {
        using SafeFileHandle file = File.OpenHandle(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        foreach (FileLine line in FileLine.ReadAll(file))
        {
            ReadOnlyMemory<byte> content = Trim(line.Content, isFirst: line.Offset == 0);
            if (content.Length > 0 && (line.IsComplete || IsComplete(content.Span)))
                yield return content.ToArray();
        }
    }

    /// <summary>Reads the lines of this file, as <see cref="Read"/> does.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Lines() => Read(_path);

    /// <summary>Appends a line. After a failure, the file ends with the line before it.</summary>
    /// <param name="json">A JSON object without line feeds.</param>
    public void Append(ReadOnlySpan<byte> json) => _lines.Append([.. json, LineFeed]);

    /// <summary>
    /// Replaces all lines at once. After a failure or a crash, the file has either the old or the new lines.
    /// </summary>
    public void Replace(IEnumerable<ReadOnlyMemory<byte>> lines)
    {
        string part = $"{_path}.{Guid.NewGuid():N}.part";
        try
        {
            using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, BlockSize))
            {
                // Other users can have rights on the file, which they keep.
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(_file));
                foreach (ReadOnlyMemory<byte> line in lines)
                {
                    file.Write(line.Span);
                    file.WriteByte(LineFeed);
                }
                file.Flush(flushToDisk: true);
            }
            // Windows does not replace a file that is open.
            _file.Dispose();
            File.Move(part, _path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
            if (_file.IsClosed)
                (_file, _lines) = OpenForWriting(_path);
        }
    }

    /// <summary>Closes the file and releases the lock.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    /// <summary>
    /// The file remains after its use. If it were deleted, two processes could hold the lock, each on a file of its
    /// own. On a file system without locks, for example on some network shares, .NET continues without one, unlike
    /// <see cref="LockFile"/>: the file is then safe as long as its writers take turns.
    /// </summary>
    private static FileStream? TryLock(string path)
    {
        string file = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0);
        }
        catch (IOException cause) when (IsLocked(cause))
        {
            return null;
        }
    }

    /// <summary>The error of a sharing violation on Windows, and of flock(2) on Linux and macOS.</summary>
    private static bool IsLocked(IOException cause) =>
        cause.HResult
        == (
            OperatingSystem.IsWindows() ? unchecked((int)0x80070020)
            : OperatingSystem.IsMacOS() ? 35
            : 11
        );

    private static (SafeFileHandle File, LineAppender Lines) OpenForWriting(string path)
    {
        SafeFileHandle file = File.OpenHandle(
            path,
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete
        );
        return (file, new LineAppender(file, RandomAccess.GetLength(file)));
    }

    /// <summary>A killed process can leave a part of the characters.</summary>
    private void RequireBegin(ReadOnlySpan<byte> begin)
    {
        byte[] found = new byte[begin.Length];
        int length = RandomAccess.Read(_file, found, 0);
        if (!begin.StartsWith(found.AsSpan(0, length)))
            throw new UnfitFileException("it contains something else");
    }

    private void Repair()
    {
        byte[] tail = ReadTail();
        if (tail.Length == 0)
            return;
        bool isComplete = IsComplete(tail);
        _lines = new LineAppender(_file, _lines.Length - (isComplete ? 0 : tail.Length));
        _lines.Repair(lacksLineBreak: isComplete);
    }

    /// <summary>Returns the bytes after the last line feed.</summary>
    private byte[] ReadTail()
    {
        byte[] tail = [];
        for (long start = _lines.Length; start > 0; )
        {
            byte[] block = new byte[(int)Math.Min(BlockSize, start)];
            start -= block.Length;
            for (int read = 0; read < block.Length; )
                read += RandomAccess.Read(_file, block.AsSpan(read), start + read) is > 0 and var more
                    ? more
                    : throw new EndOfStreamException();
            int end = Array.LastIndexOf(block, LineFeed);
            tail = [.. block.AsSpan(end + 1), .. tail];
            if (end >= 0)
                break;
            if (tail.Length > FileLine.MaximumBytes)
                throw new InvalidDataException("it has no lines");
        }
        return tail;
    }

    /// <summary>
    /// Whether the line lacks only its line feed, which an editor may remove. Each line is an object, and no part of an
    /// object is one.
    /// </summary>
    private static bool IsComplete(ReadOnlySpan<byte> tail)
    {
        try
        {
            var json = new Utf8JsonReader(tail);
            if (!json.Read() || json.TokenType is not JsonTokenType.StartObject)
                return false;
            json.Skip();
            return !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Leaves out the carriage return and the byte order mark that editors on Windows add.</summary>
    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line, bool isFirst)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (isFirst && line.Span.StartsWith(mark))
            line = line[mark.Length..];
        return line.TrimEnd((byte)'\r');
    }
}
