using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace EtcdMaint;

/// <summary>
/// Text from outside as one line that only shows what it says. Names of members, messages of servers and the output of
/// programs may hold control characters, which a terminal obeys, and format characters, which change the order of the
/// letters or hide them. The public records, the exceptions and the streams of the cmdlets hold plain text only.
/// </summary>
internal static class PlainText
{
    /// <summary>Line breaks and tabs become a space, other control and format characters U+FFFD.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text) => IsPlain(text) ? text : Replace(text);

    public static string[] Of(string[] texts) =>
        Array.TrueForAll(texts, IsPlain) ? texts : Array.ConvertAll(texts, text => Of(text));

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
