using Microsoft.Win32.SafeHandles;

namespace EtcdMaint;

/// <summary>A line of a file, without its line break.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Content">Its bytes. They are valid until the next line is read.</param>
/// <param name="IsComplete">Whether the line has a line break. Only the last line can lack it.</param>
internal readonly record struct FileLine(long Offset, ReadOnlyMemory<byte> Content, bool IsComplete)
{
    /// <summary>Far more than a report has. Without a limit, a wrong file could fill the memory.</summary>
    public const int MaximumBytes = 64 * 1024 * 1024;

    private const int FirstBuffer = 64 * 1024;

    /// <summary>Reads the lines one after another, with memory for the longest line.</summary>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="MaximumBytes"/>.</exception>
    public static IEnumerable<FileLine> ReadAll(SafeFileHandle file)
    {
        byte[] buffer = new byte[FirstBuffer];
        long start = 0;
        int length = 0;
        int searched = 0;
        while (true)
        {
            int end = Array.IndexOf(buffer, (byte)'\n', searched, length - searched);
            if (end >= 0)
            {
                yield return new FileLine(start, buffer.AsMemory(0, end), IsComplete: true);
                start += end + 1;
                length -= end + 1;
                Buffer.BlockCopy(buffer, end + 1, buffer, 0, length);
                searched = 0;
                continue;
            }
            searched = length;
            if (length > MaximumBytes)
                throw new InvalidDataException($"a line is longer than {MaximumBytes} bytes");
            if (length == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
            int read = RandomAccess.Read(file, buffer.AsSpan(length), start + length);
            if (read == 0)
                break;
            length += read;
        }
        if (length > 0)
            yield return new FileLine(start, buffer.AsMemory(0, length), IsComplete: false);
    }
}
