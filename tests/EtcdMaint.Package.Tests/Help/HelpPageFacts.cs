using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Help;

/// <summary>The fact blocks that a page must contain for a parameter, generated from the cmdlet.</summary>
internal static partial class HelpPageFacts
{
    /// <summary>
    /// Parameters whose property holds the value for ordinary calls, while the actual limit depends on the data.
    /// </summary>
    private static readonly (string Cmdlet, string Parameter)[] FollowsTheData =
    [
        ("Invoke-EtcdDefrag", "TimeoutSeconds"),
    ];

    /// <summary>The fact blocks of a page, by parameter.</summary>
    public static IReadOnlyDictionary<string, string> InPage(string markdown) =>
        ParameterSection()
            .Matches(markdown)
            .ToDictionary(
                m => m.Groups["name"].Value,
                m => string.Join("\n\n", Block().Matches(m.Groups["body"].Value).Select(b => b.Groups[1].Value.Trim()))
            );

    /// <summary>One block for each difference between the parameter sets.</summary>
    public static string Expected(CmdletInfo cmdlet, ParameterMetadata parameter)
    {
        var sets = cmdlet
            .ParameterSets.Select(set =>
                (set.Name, Parameter: set.Parameters.FirstOrDefault(p => p.Name == parameter.Name))
            )
            .Where(set => set.Parameter is not null)
            .GroupBy(set => (set.Parameter!.IsMandatory, set.Parameter.Position, Pipeline: Pipeline(set.Parameter)));
        return string.Join(
            "\n\n",
            sets.Select(group =>
                Block(
                    cmdlet,
                    parameter,
                    group.Count() == cmdlet.ParameterSets.Count
                        ? "(All)"
                        : string.Join(", ", group.Select(set => set.Name)),
                    group.Key.IsMandatory,
                    group.Key.Position,
                    group.Key.Pipeline
                )
            )
        );
    }

    private static string Block(
        CmdletInfo cmdlet,
        ParameterMetadata parameter,
        string sets,
        bool isMandatory,
        int position,
        string pipeline
    )
    {
        Type element = parameter.ParameterType.IsArray
            ? parameter.ParameterType.GetElementType()!
            : parameter.ParameterType;
        element = Nullable.GetUnderlyingType(element) ?? element;
        string[] lines =
        [
            $"Type: {element.Name}{(parameter.ParameterType.IsArray ? "[]" : "")}",
            $"Parameter Sets: {sets}",
            $"Aliases: {string.Join(", ", parameter.Aliases)}".TrimEnd(),
            .. element.IsEnum
                ? [$"Accepted values: {string.Join(", ", Enum.GetNames(element))}"]
                : Array.Empty<string>(),
            "",
            $"Required: {isMandatory}",
            $"Position: {(position < 0 ? "Named" : position)}",
            $"Default value: {Default(cmdlet, parameter)}",
            $"Accept pipeline input: {pipeline}",
            $"Accept wildcard characters: {parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any()}",
        ];
        return string.Join('\n', lines);
    }

    private static string Pipeline(CommandParameterInfo parameter) =>
        (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
        {
            (true, true) => "True (ByPropertyName, ByValue)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };

    /// <summary>The property's value before binding; zero means that nothing was given, unless null means it.</summary>
    private static string Default(CmdletInfo cmdlet, ParameterMetadata parameter)
    {
        if (FollowsTheData.Contains((cmdlet.Name, parameter.Name)))
            return "None";
        PropertyInfo? property = cmdlet.ImplementingType.GetProperty(parameter.Name);
        object? value = property?.GetValue(Activator.CreateInstance(cmdlet.ImplementingType));
        if (value is SwitchParameter)
            return "False";
        bool isUnsaid =
            value is null or ""
            || (property!.PropertyType.IsValueType && value.Equals(Activator.CreateInstance(property.PropertyType)));
        return isUnsaid ? "None" : LanguagePrimitives.ConvertTo<string>(value);
    }

    [GeneratedRegex(@"^### -(?<name>\w+)\n(?<body>.*?)(?=^##)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ParameterSection();

    [GeneratedRegex(@"```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
