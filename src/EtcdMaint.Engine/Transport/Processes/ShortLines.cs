using System.Text;

namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// Reads lines and keeps only the beginning of a long line, so that a line without an end cannot fill the memory.
/// </summary>
/// <param name="stream">The stream.</param>
/// <param name="readAhead">The number of characters to read at once. With 1, the stream can be used after a line
/// without a loss.</param>
internal sealed class ShortLines(TextReader stream, int readAhead = ShortLines.UsualReadAhead)
{
    private const int UsualReadAhead = 4 * 1024;
    private const int Longest = 8 * 1024;

    private readonly char[] _buffer = new char[readAhead];
    private int _position;
    private int _count;

    /// <summary>Returns the next line, or null at the end.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        StringBuilder? line = null;
        while (true)
        {
            if (_position == _count && !await FillAsync(cancellationToken).ConfigureAwait(false))
                return line?.ToString();
            line ??= new StringBuilder();
            int end = Array.IndexOf(_buffer, '\n', _position, _count - _position);
            int length = (end < 0 ? _count : end) - _position;
            line.Append(_buffer, _position, Math.Min(length, Longest - line.Length));
            _position += length + (end < 0 ? 0 : 1);
            if (end >= 0)
                return line.ToString().TrimEnd('\r');
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        _position = 0;
        _count = await stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
        return _count > 0;
    }
}
