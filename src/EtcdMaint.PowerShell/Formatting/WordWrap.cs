using System.Text;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Breaks the text in the last column of a table between words. PowerShell does this only for six languages. In other
/// environments, such as a container without a locale, it breaks within words. Source: PowerShell/PowerShell,
/// src/System.Management.Automation/FormatAndOutput/common/StringManipulationHelper (ILineOutput.cs).
/// </summary>
internal static class WordWrap
{
    /// <summary>The length of a text that needs no line break on a screen of 80 or more columns.</summary>
    private const int ShortText = 7;

    /// <summary>PowerShell leaves the last column of the screen empty.</summary>
    private const int Margin = 1;

    /// <summary>Returns the text in lines. A word that is longer than a line gets its own line.</summary>
    /// <param name="text">The text of the column.</param>
    /// <param name="others">The width of the other columns, with the gaps.</param>
    public static string InLastColumn(string? text, int others)
    {
        if (text is null || text.Length <= ShortText)
            return text ?? "";
        int room = Math.Max(ShortText, ScreenWidth.Now() - others - Margin);
        return text.Length <= room ? text : Fold(text, room);
    }

    public static string Fold(string text, int room)
    {
        var folded = new StringBuilder(text.Length);
        int column = 0;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + 1 + word.Length > room)
            {
                folded.Append('\n');
                column = 0;
            }
            else if (column > 0)
            {
                folded.Append(' ');
                column++;
            }
            folded.Append(word);
            column += word.Length;
        }
        return folded.ToString();
    }
}
