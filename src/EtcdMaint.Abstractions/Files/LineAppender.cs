using Microsoft.Win32.SafeHandles;

namespace EtcdMaint;

/// <summary>
/// Appends lines to a file. A line is on the disk when <see cref="Append"/> returns. A process that is killed while it
/// appends leaves part of a line, which readers ignore and <see cref="Repair"/> of the next process removes.
/// </summary>
/// <param name="file">The file, open for writing.</param>
/// <param name="length">The length of its complete lines, in bytes.</param>
internal sealed class LineAppender(SafeFileHandle file, long length)
{
    /// <summary>The length of the complete lines, in bytes.</summary>
    public long Length { get; private set; } = length;

    /// <summary>Removes an incomplete last line, or adds the line break that a complete one lacks.</summary>
    public void Repair(bool lacksLineBreak)
    {
        Cut();
        if (lacksLineBreak)
            Append("\n"u8);
    }

    /// <summary>Appends a line. After a failure, the file ends with the line before it.</summary>
    /// <param name="line">The line with its line break.</param>
    public void Append(ReadOnlySpan<byte> line)
    {
        // The rest of a failed attempt that could not be removed must never follow another line.
        Cut();
        try
        {
            RandomAccess.Write(file, line, Length);
            RandomAccess.FlushToDisk(file);
        }
        catch (IOException)
        {
            Cut();
            throw;
        }
        Length += line.Length;
    }

    private void Cut()
    {
        if (RandomAccess.GetLength(file) <= Length)
            return;
        RandomAccess.SetLength(file, Length);
        RandomAccess.FlushToDisk(file);
    }
}
