using System.Management.Automation.Host;
using System.Text;
using System.Text.RegularExpressions;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Draws lines in place of the lines that it drew before. It moves the cursor up and writes over them, and neither
/// clears the screen, nor hides the cursor, nor uses the second screen of the terminal. If it is stopped at any moment,
/// nothing must be restored, and the last lines and all lines above them stay readable.
/// </summary>
internal sealed partial class LiveScreen(PSHostUserInterface ui)
{
    private const string ClearRestOfLine = "\e[K";
    private const string ClearBelow = "\e[J";

    /// <summary>The least number of lines and columns, for a terminal that reports a smaller size.</summary>
    private const int Least = 10;

    private Size _size;

    private int _drawn;

    public int Width => Math.Max(Least, ui.RawUI.WindowSize.Width);

    public void Draw(IEnumerable<string> lines)
    {
        Size size = ui.RawUI.WindowSize;
        string[] fit = Fit([.. lines], size);
        var text = new StringBuilder();
        // After a change of its size, a terminal may have broken the lines anew. The view then continues below them.
        if (_drawn > 0 && size == _size)
            text.Append($"\e[{_drawn}A");
        foreach (string line in fit)
            text.Append(line).Append(ClearRestOfLine).Append('\n');
        // One call, so that a stop cannot come between two lines.
        ui.Write(text.Append(ClearBelow).ToString());
        (_size, _drawn) = (size, fit.Length);
    }

    /// <summary>The cursor cannot move up to lines that have left the window.</summary>
    private string[] Fit(string[] lines, Size size)
    {
        int room = Math.Max(Least, size.Height) - 1;
        int columns = Math.Max(Least, size.Width) - 1;
        string[] shown = [.. lines.Select(line => Cut(line, columns))];
        return shown.Length <= room
            ? shown
            : [.. shown.Take(room - 1), Cut($"... {shown.Length - room + 1} more lines", columns)];
    }

    /// <summary>A line that is too wide would be broken, and then the cursor would not move up far enough.</summary>
    private string Cut(string line, int columns)
    {
        string plain = Color().Replace(line, "");
        int end = 0;
        foreach (Rune character in plain.EnumerateRunes())
        {
            // A Chinese character, for example, has the width of two cells.
            columns -= ui.RawUI.LengthInBufferCells(character.ToString());
            if (columns < 0)
                return plain[..end];
            end += character.Utf16SequenceLength;
        }
        return line;
    }

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Color();
}
