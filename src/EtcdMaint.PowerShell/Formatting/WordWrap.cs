using System.Text;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Breaks the text of a table's last column between words. PowerShell itself does so only where its language is one of
/// six; elsewhere, as in a container without a locale, it breaks words. Source: PowerShell/PowerShell,
/// src/System.Management.Automation/FormatAndOutput/common/StringManipulationHelper (ILineOutput.cs).
/// </summary>
internal static class WordWrap
{
    /// <summary>A text that needs no line break on any screen of 80 columns or more.</summary>
    private const int ShortText = 7;

    /// <summary>PowerShell leaves the last column of the screen empty.</summary>
    private const int Margin = 1;

    /// <summary>The text in lines; a word that is longer than a line stands alone.</summary>
    /// <param name="text">The text of the column.</param>
    /// <param name="others">What the other columns take, with the gaps.</param>
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
