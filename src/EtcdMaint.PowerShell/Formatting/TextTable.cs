using System.Text;

namespace EtcdMaint.Cmdlets;

/// <summary>One column of a <see cref="TextTable"/>.</summary>
internal sealed record TextColumn(string Header, int Width, bool IsRight = false);

/// <summary>
/// Lays out the rows of the views as text. The tables of PowerShell cut words and even headers on a narrow screen, and
/// have no place below a row. Here, the text at the end of a row, such as a reason, is broken between words, and has
/// lines of its own below the row if there is little space beside it.
/// </summary>
/// <param name="screen">The width of the screen.</param>
/// <param name="last">The header of the text at the end of the rows; null if there is none.</param>
/// <param name="columns">The columns before the text.</param>
internal sealed class TextTable(int screen, string? last, params TextColumn[] columns)
{
    /// <summary>The least width of the text beside a row.</summary>
    private const int LeastRoom = 30;

    private const int Indent = 2;

    /// <summary>PowerShell leaves the last column of the screen empty.</summary>
    private const int Margin = 1;

    private int Room => screen - Margin - Start;

    private int Start => columns.Sum(column => column.Width + 1);

    /// <summary>Returns the two lines above the rows.</summary>
    public string Head()
    {
        string title = last is not null && Room >= LeastRoom ? last : "";
        return $"{ScreenWidth.Paint(Line(columns.Select(column => column.Header), title))}\n"
            + ScreenWidth.Paint(
                Line(columns.Select(column => new string('-', column.Header.Length)), new string('-', title.Length))
            );
    }

    /// <summary>Returns a row, with its text beside or below it.</summary>
    public string Row(IEnumerable<string> cells, string? text = null)
    {
        if (string.IsNullOrEmpty(text))
            return Line(cells, "");
        bool isBeside = Room >= LeastRoom && text.Split(' ').All(word => word.Length <= Room);
        return isBeside
            ? Line(cells, Hang(text, Start, screen))
            : $"{Line(cells, "")}\n{new string(' ', Indent)}{Hang(text, Indent, screen)}";
    }

    /// <summary>Returns the text broken between words, with all lines after the first one indented.</summary>
    public static string Hang(string text, int indent, int screen) =>
        WordWrap
            .Fold(text, Math.Max(1, screen - Margin - indent))
            .Replace("\n", "\n" + new string(' ', indent), StringComparison.Ordinal);

    private string Line(IEnumerable<string> given, string text)
    {
        string[] cells = [.. given];
        var line = new StringBuilder();
        int start = 0;
        for (int i = 0; i < columns.Length; i++)
        {
            TextColumn column = columns[i];
            if (cells[i].Length > 0)
            {
                // A long cell may use the place of an empty one after it.
                int room = column.Width + (HasEmptyNeighbor(cells, i) ? 1 + columns[i + 1].Width : 0);
                string cell = MemberNames.Cut(cells[i], room);
                line.Append(' ', start - line.Length).Append(column.IsRight ? cell.PadLeft(column.Width) : cell);
            }
            start += column.Width + 1;
        }
        return text.Length > 0 ? $"{line.Append(' ', start - line.Length)}{text}" : line.ToString();
    }

    private bool HasEmptyNeighbor(string[] cells, int i) =>
        !columns[i].IsRight && i + 1 < cells.Length && cells[i + 1].Length == 0;
}
