namespace EtcdMaint.HelpBuilder;

/// <summary>
/// One parameter: its text and its fact blocks, of which there is one for each difference between the parameter sets.
/// </summary>
internal sealed record HelpParameter(
    string Name,
    IReadOnlyList<string> Description,
    IReadOnlyList<ParameterFacts> Facts
)
{
    /// <summary>The facts in one parameter set; null if the parameter is not in it.</summary>
    public ParameterFacts? In(string set) => Facts.FirstOrDefault(f => f.IsIn(set));
}

internal sealed record ParameterFacts(
    string Type,
    IReadOnlyList<string> Sets,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<string> AcceptedValues,
    bool IsRequired,
    string Position,
    string DefaultValue,
    string PipelineInput,
    bool TakesWildcards
)
{
    private const string AllSets = "(All)";

    public bool IsSwitch => Type == "SwitchParameter";

    public bool IsIn(string set) => Sets.Contains(set) || Sets.Contains(AllSets);

    /// <summary>Its place among the parameters of a syntax line: positional parameters come first.</summary>
    public int Order => int.TryParse(Position, out int position) ? position : int.MaxValue;
}
