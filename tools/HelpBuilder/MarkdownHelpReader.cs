namespace EtcdMaint.HelpBuilder;

/// <summary>
/// Reads a page in the format of platyPS (schema 2.0.0). A missing or misplaced element throws a
/// <see cref="FormatException"/>.
/// </summary>
internal static class MarkdownHelpReader
{
    private const string OnlineVersion = "online version:";

    private static readonly string[] Known =
    [
        "SYNOPSIS",
        "SYNTAX",
        "DESCRIPTION",
        "EXAMPLES",
        "PARAMETERS",
        "INPUTS",
        "OUTPUTS",
        "NOTES",
        "RELATED LINKS",
    ];

    public static HelpPage Read(IReadOnlyList<string> lines)
    {
        MarkdownSection top =
            MarkdownSection.Split(lines, "# ").SingleOrDefault()
            ?? throw new FormatException("A page must have exactly one level 1 heading with the cmdlet's name.");
        Dictionary<string, MarkdownSection> sections = [];
        foreach (MarkdownSection section in MarkdownSection.Split(top.Lines, "## "))
        {
            if (!Known.Contains(section.Title) || !sections.TryAdd(section.Title, section))
                throw new FormatException($"The heading '{section.Title}' is unknown or repeated.");
        }
        MarkdownSection Get(string title) =>
            sections.GetValueOrDefault(title) ?? throw new FormatException($"The heading '{title}' is missing.");

        return new HelpPage(
            top.Title,
            lines
                .FirstOrDefault(line => line.StartsWith(OnlineVersion, StringComparison.Ordinal))
                ?[OnlineVersion.Length..].Trim()
                ?? "",
            MarkdownText.Paragraphs(Get("SYNOPSIS").Lines),
            MarkdownText.Paragraphs(Get("DESCRIPTION").Lines),
            [.. Get("SYNTAX").Children.Select(s => s.Title.Replace(" (Default)", "")).DefaultIfEmpty("(All)")],
            [.. Get("EXAMPLES").Children.Select(ReadExample)],
            [.. Get("PARAMETERS").Children.Where(s => s.Title.StartsWith('-')).Select(ReadParameter)],
            [.. Get("INPUTS").Children.Select(ReadType)],
            [.. Get("OUTPUTS").Children.Select(ReadType)],
            MarkdownText.Paragraphs(Get("NOTES").Lines),
            MarkdownText.Links(Get("RELATED LINKS").Lines)
        );
    }

    private static HelpType ReadType(MarkdownSection section) =>
        new(section.Title, MarkdownText.Paragraphs(section.Lines));

    private static HelpExample ReadExample(MarkdownSection section)
    {
        (IReadOnlyList<MarkdownBlock> blocks, IReadOnlyList<string> text) = MarkdownBlock.TakeOut(section.Lines);
        if (!blocks.Any(b => b.Language == "powershell"))
            throw new FormatException($"'{section.Title}' has no ```powershell block.");
        return new HelpExample(
            section.Title,
            string.Join("\n\n", blocks.Select(b => b.Text)),
            MarkdownText.Paragraphs(text)
        );
    }

    private static HelpParameter ReadParameter(MarkdownSection section)
    {
        (IReadOnlyList<MarkdownBlock> blocks, IReadOnlyList<string> text) = MarkdownBlock.TakeOut(section.Lines);
        ParameterFacts[] facts =
        [
            .. blocks.Where(b => b.Language == "yaml").Select(b => ReadFacts(section.Title, b.Text)),
        ];
        return facts.Length > 0
            ? new HelpParameter(section.Title[1..], MarkdownText.Paragraphs(text), facts)
            : throw new FormatException($"The parameter {section.Title} has no ```yaml block.");
    }

    private static ParameterFacts ReadFacts(string parameter, string block)
    {
        Dictionary<string, string> values = block
            .Split('\n')
            .Select(line => line.Split(':', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
        string Get(string key) =>
            values.GetValueOrDefault(key) ?? throw new FormatException($"The block of {parameter} has no '{key}'.");

        return new ParameterFacts(
            Get("Type"),
            Many(Get("Parameter Sets")),
            Many(Get("Aliases")),
            Many(values.GetValueOrDefault("Accepted values", "")),
            bool.Parse(Get("Required")),
            Get("Position").ToLowerInvariant(),
            Get("Default value"),
            Get("Accept pipeline input"),
            bool.Parse(Get("Accept wildcard characters"))
        );
    }

    private static string[] Many(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
