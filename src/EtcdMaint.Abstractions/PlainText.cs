using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace EtcdMaint;

/// <summary>
/// Converts text from outside to one line of plain text. Names of members, messages of servers and the output of
/// programs can contain control characters, which a terminal executes, and format characters, which reorder or hide
/// letters. The public records, the exceptions and the streams of the cmdlets contain only plain text.
/// </summary>
internal static class PlainText
{
    /// <summary>
    /// Replaces line breaks and tabs with a space, and other control and format characters with U+FFFD.
    /// </summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text) => IsPlain(text) ? text : Replace(text);

    public static string[] Of(string[] texts) =>
        Array.TrueForAll(texts, IsPlain) ? texts : Array.ConvertAll(texts, text => Of(text));

    public static EtcdList<string> Of(EtcdList<string> texts) =>
        texts.All(IsPlain) ? texts : [.. texts.Select(text => Of(text))];

    public static bool IsPlain([NotNullWhen(false)] string? text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
            return true;
        foreach (Rune rune in text.AsSpan().EnumerateRunes())
        {
            if (!IsPlain(rune))
                return false;
        }
        return true;
    }

    private static string Replace(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (Rune rune in text.ReplaceLineEndings(" ").EnumerateRunes())
            plain.Append(
                rune.Value is '\t' ? " "
                : IsPlain(rune) ? rune.ToString()
                : "\uFFFD"
            );
        return plain.ToString();
    }

    private static bool IsPlain(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );
}
