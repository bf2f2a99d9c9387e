using System.Text.RegularExpressions;

namespace EtcdMaint.HelpBuilder;

/// <summary>Markdown as Get-Help shows it: plain paragraphs.</summary>
internal static partial class MarkdownText
{
    /// <summary>Consecutive lines form one paragraph; an item of a list is a separate paragraph.</summary>
    public static IReadOnlyList<string> Paragraphs(IEnumerable<string> lines)
    {
        var paragraphs = new List<string>();
        bool isOpen = false;
        foreach (string line in lines)
        {
            string text = line.Trim();
            if (text.Length == 0)
                isOpen = false;
            else if (isOpen && !text.StartsWith("- ", StringComparison.Ordinal))
                paragraphs[^1] += " " + text;
            else
            {
                paragraphs.Add(text);
                isOpen = true;
            }
        }
        return [.. paragraphs.Select(Plain)];
    }

    public static IReadOnlyList<HelpLink> Links(IEnumerable<string> lines) =>
        [.. lines.SelectMany(line => Link().Matches(line)).Select(m => new HelpLink(m.Groups[1].Value))];

    private static string Plain(string text) =>
        Link()
            .Replace(text, "$1")
            .Replace("`", "", StringComparison.Ordinal)
            .Replace("**", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)]*)\)")]
    private static partial Regex Link();
}
