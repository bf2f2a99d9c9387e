using System.Management.Automation.Host;
using System.Text;
using System.Text.RegularExpressions;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Draws lines in place of the lines that it drew before. It moves the cursor up and writes over them, and neither
/// hides the cursor nor uses the second screen of the terminal. If it is stopped at any moment, nothing must be
/// restored, and the last lines stay readable.
/// </summary>
internal sealed partial class LiveScreen(PSHostUserInterface ui)
{
    private const string ClearScreen = "\e[2J\e[H";
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
        // After a change of its size, a terminal may have broken the lines anew.
        if (_drawn > 0)
            text.Append(size == _size ? $"\e[{_drawn}A" : ClearScreen);
        foreach (string line in fit)
            text.Append(line).Append(ClearRestOfLine).Append('\n');
        // One call, so that a stop cannot come between two lines.
        ui.Write(text.Append(ClearBelow).ToString());
        (_size, _drawn) = (size, fit.Length);
    }

    /// <summary>The cursor cannot move up to lines that have left the window.</summary>
    private static string[] Fit(string[] lines, Size size)
    {
        int room = Math.Max(Least, size.Height) - 1;
        int columns = Math.Max(Least, size.Width) - 1;
        string[] shown = [.. lines.Select(line => Cut(line, columns))];
        return shown.Length <= room
            ? shown
            : [.. shown.Take(room - 1), Cut($"... {shown.Length - room + 1} more lines", columns)];
    }

    private static string Cut(string line, int columns)
    {
        string plain = Color().Replace(line, "");
        return plain.Length <= columns ? line : plain[..columns];
    }

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Color();
}
