namespace EtcdMaint.HelpBuilder;

/// <summary>The text between two fences.</summary>
internal sealed record MarkdownBlock(string Language, string Text)
{
    /// <summary>The blocks, and the lines outside of them.</summary>
    public static (IReadOnlyList<MarkdownBlock> Blocks, IReadOnlyList<string> Text) TakeOut(IEnumerable<string> lines)
    {
        var blocks = new List<MarkdownBlock>();
        var rest = new List<string>();
        List<string>? open = null;
        string language = "";
        foreach (string line in lines)
        {
            bool isFence = line.StartsWith("```", StringComparison.Ordinal);
            if (isFence && open is null)
            {
                open = [];
                language = line[3..].Trim().ToLowerInvariant();
            }
            else if (isFence)
            {
                blocks.Add(new MarkdownBlock(language, string.Join('\n', open!)));
                open = null;
            }
            else
            {
                (open ?? rest).Add(line);
            }
        }
        return (blocks, rest);
    }
}
