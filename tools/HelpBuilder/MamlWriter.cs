using System.Xml.Linq;

namespace EtcdMaint.HelpBuilder;

/// <summary>Writes pages as MAML, the format in which Get-Help reads the help of compiled cmdlets.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace Root = "http://msh";

    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";

    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";

    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static XDocument Write(IEnumerable<HelpPage> pages) =>
        new(new XElement(Root + "helpItems", new XAttribute("schema", "maml"), pages.Select(Write)));

    private static XElement Write(HelpPage page) =>
        new(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", page.Name),
                new XElement(Command + "verb", page.Name.Split('-')[0]),
                new XElement(Command + "noun", page.Name.Split('-')[^1]),
                Description(page.Synopsis)
            ),
            Description(page.Description),
            new XElement(Command + "syntax", page.ParameterSets.Select(set => Syntax(page, set))),
            new XElement(Command + "parameters", page.Parameters.Select(p => Parameter(p, p.Facts[0], p.Description))),
            new XElement(Command + "inputTypes", page.Inputs.Select(t => Typed("inputType", t))),
            new XElement(Command + "returnValues", page.Outputs.Select(t => Typed("returnValue", t))),
            new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(page.Notes))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Command + "relatedLinks", OnlineVersion(page), page.Links.Select(Link))
        );

    private static XElement Syntax(HelpPage page, string set) =>
        new(
            Command + "syntaxItem",
            new XElement(Maml + "name", page.Name),
            page.Parameters.Select(p => (Parameter: p, Facts: p.In(set)))
                .Where(p => p.Facts is not null)
                .OrderBy(p => p.Facts!.Order)
                .Select(p => Parameter(p.Parameter, p.Facts!, []))
        );

    private static XElement Parameter(HelpParameter parameter, ParameterFacts facts, IReadOnlyList<string> text) =>
        new(
            Command + "parameter",
            new XAttribute("required", Small(facts.IsRequired)),
            new XAttribute("variableLength", Small(facts.Type.EndsWith("[]", StringComparison.Ordinal))),
            new XAttribute("globbing", Small(facts.TakesWildcards)),
            new XAttribute("pipelineInput", facts.PipelineInput),
            new XAttribute("position", facts.Position),
            new XAttribute("aliases", facts.Aliases.Count > 0 ? string.Join(", ", facts.Aliases) : "none"),
            new XElement(Maml + "name", parameter.Name),
            Description(text),
            facts.AcceptedValues.Count > 0
                ? new XElement(
                    Command + "parameterValueGroup",
                    facts.AcceptedValues.Select(v => new XElement(
                        Command + "parameterValue",
                        new XAttribute("required", "false"),
                        v
                    ))
                )
                : null,
            facts.IsSwitch
                ? null
                : new XElement(Command + "parameterValue", new XAttribute("required", "true"), facts.Type),
            new XElement(Dev + "type", new XElement(Maml + "name", facts.Type)),
            new XElement(Dev + "defaultValue", facts.DefaultValue)
        );

    private static XElement Typed(string element, HelpType type) =>
        new(
            Command + element,
            new XElement(Dev + "type", new XElement(Maml + "name", type.Name)),
            Description(type.Description)
        );

    private static XElement Example(HelpExample example) =>
        new(
            Command + "example",
            new XElement(Maml + "title", $"---------- {example.Title} ----------"),
            new XElement(Dev + "code", example.Code),
            new XElement(Dev + "remarks", Paragraphs(example.Remarks))
        );

    /// <summary>Get-Help -Online opens the first link with an address.</summary>
    private static XElement OnlineVersion(HelpPage page) =>
        new(
            Maml + "navigationLink",
            new XElement(Maml + "linkText", "Online Version:"),
            new XElement(Maml + "uri", page.OnlineVersion)
        );

    private static XElement Link(HelpLink link) =>
        new(Maml + "navigationLink", new XElement(Maml + "linkText", link.Text), new XElement(Maml + "uri"));

    private static XElement Description(IEnumerable<string> text) => new(Maml + "description", Paragraphs(text));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> text) =>
        text.Select(t => new XElement(Maml + "para", t));

    private static string Small(bool value) => value ? "true" : "false";
}
