using System.Globalization;
using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Shells;

/// <summary>
/// What a terminal shows after a text with the escape sequences that move the cursor and clear lines.
/// </summary>
internal sealed partial class ScreenBuffer
{
    private readonly List<char[]> _rows = [];

    private readonly int _columns;

    private readonly int _height;

    private int _row;

    private int _column;

    public ScreenBuffer(int columns, int rows, string text)
    {
        (_columns, _height) = (columns, rows);
        foreach (Match part in Part().Matches(text))
            Apply(part);
    }

    /// <summary>The lines of the screen, with those that have left it at the top.</summary>
    public IReadOnlyList<string> Lines => [.. _rows.Select(row => new string(row).TrimEnd())];

    /// <summary>The index of the first line that is on the screen.</summary>
    private int Top => Math.Max(0, _rows.Count - _height);

    private void Apply(Match part)
    {
        if (part.Groups["command"].Success)
            Command(part.Groups["command"].Value, part.Groups["number"].Value);
        else if (part.Value == "\r")
            _column = 0;
        else if (part.Value == "\n")
            _row++;
        else if (part.Value.Length == 1)
            Put(part.Value[0]);
    }

    private void Command(string command, string number)
    {
        int count = int.TryParse(number, CultureInfo.InvariantCulture, out int given) ? given : 1;
        switch (command)
        {
            case "A":
                _row = Math.Max(Top, _row - count);
                break;
            case "H":
                (_row, _column) = (Top, 0);
                break;
            case "K":
                Array.Fill(Row(_row), ' ', _column, _columns - _column);
                break;
            case "J":
                int first = number == "2" ? Top : _row;
                _rows.RemoveRange(Math.Min(first, _rows.Count), Math.Max(0, _rows.Count - first));
                break;
        }
    }

    private void Put(char letter)
    {
        bool isWide = letter is >= '\u2e80' and <= '\ud7a3';
        if (_column + (isWide ? 2 : 1) > _columns)
            (_row, _column) = (_row + 1, 0);
        Row(_row)[_column++] = letter;
        if (isWide)
            Row(_row)[_column++] = ' ';
    }

    private char[] Row(int index)
    {
        while (_rows.Count <= index)
            _rows.Add([.. Enumerable.Repeat(' ', _columns)]);
        return _rows[index];
    }

    [GeneratedRegex(@"\x1b\[(?<number>[0-9;?]*)[ -/]*(?<command>[@-~])|\x1b\][^\x07]*\x07|\x1b[=>78]|[\s\S]")]
    private static partial Regex Part();
}
