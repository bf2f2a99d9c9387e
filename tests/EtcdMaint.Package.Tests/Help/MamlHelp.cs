using System.Xml.Linq;

namespace EtcdMaint.Package.Tests.Help;

/// <summary>The help of one cmdlet in the built module.</summary>
internal sealed class MamlHelp(XElement command)
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";

    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";

    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static IReadOnlyList<MamlHelp> All { get; } =
    [
        .. XDocument
            .Load(Path.Combine(Repository.Module, "en-US", "EtcdMaint.PowerShell.dll-Help.xml"))
            .Root!.Elements(Command + "command")
            .Select(c => new MamlHelp(c)),
    ];

    public string Name => command.Element(Command + "details")!.Element(Command + "name")!.Value;

    public string Synopsis => Text(command.Element(Command + "details")!.Element(Maml + "description"));

    public string Description => Text(command.Element(Maml + "description"));

    public IReadOnlyDictionary<string, string> Parameters =>
        command
            .Element(Command + "parameters")!
            .Elements(Command + "parameter")
            .ToDictionary(p => p.Element(Maml + "name")!.Value, p => Text(p.Element(Maml + "description")));

    public IReadOnlyList<(string Title, string Code, string Remarks)> Examples =>
        [
            .. command
                .Element(Command + "examples")!
                .Elements(Command + "example")
                .Select(e =>
                    (e.Element(Maml + "title")!.Value, e.Element(Dev + "code")!.Value, Text(e.Element(Dev + "remarks")))
                ),
        ];

    public IReadOnlyList<string> Outputs =>
        [.. command.Element(Command + "returnValues")!.Descendants(Maml + "name").Select(n => n.Value)];

    public string Notes => Text(command.Element(Maml + "alertSet"));

    public static MamlHelp Of(string cmdlet) => All.Single(h => h.Name == cmdlet);

    private static string Text(XElement? element) =>
        string.Join('\n', element?.Descendants(Maml + "para").Select(p => p.Value) ?? []);
}
