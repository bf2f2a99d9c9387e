namespace EtcdMaint.HelpBuilder;

/// <summary>One page of help from its Markdown. A text is a list of paragraphs.</summary>
internal sealed record HelpPage(
    string Name,
    string OnlineVersion,
    IReadOnlyList<string> Synopsis,
    IReadOnlyList<string> Description,
    IReadOnlyList<string> ParameterSets,
    IReadOnlyList<HelpExample> Examples,
    IReadOnlyList<HelpParameter> Parameters,
    IReadOnlyList<HelpType> Inputs,
    IReadOnlyList<HelpType> Outputs,
    IReadOnlyList<string> Notes,
    IReadOnlyList<HelpLink> Links
);

internal sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks);

internal sealed record HelpType(string Name, IReadOnlyList<string> Description);

internal sealed record HelpLink(string Text);
