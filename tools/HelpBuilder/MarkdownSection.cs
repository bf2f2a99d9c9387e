namespace EtcdMaint.HelpBuilder;

/// <summary>A heading and the text under it. Lines within fences are never headings.</summary>
internal sealed record MarkdownSection(string Title, IReadOnlyList<string> Lines)
{
    public IReadOnlyList<MarkdownSection> Children => Split(Lines, "### ");

    /// <summary>The sections whose headings start with the mark; text before the first is omitted.</summary>
    public static IReadOnlyList<MarkdownSection> Split(IEnumerable<string> lines, string mark)
    {
        var sections = new List<(string Title, List<string> Lines)>();
        bool isFenced = false;
        foreach (string line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isFenced = !isFenced;
            if (!isFenced && line.StartsWith(mark, StringComparison.Ordinal))
                sections.Add((line[mark.Length..].Trim(), []));
            else if (sections.Count > 0)
                sections[^1].Lines.Add(line);
        }
        return [.. sections.Select(s => new MarkdownSection(s.Title, s.Lines))];
    }
}
