namespace EtcdMaint.HelpBuilder;

/// <summary>
/// One parameter: its text and the facts of its blocks, of which there is one for each way in which the sets differ.
/// </summary>
internal sealed record HelpParameter(
    string Name,
    IReadOnlyList<string> Description,
    IReadOnlyList<ParameterFacts> Facts
)
{
    /// <summary>The facts in one parameter set; null when the parameter is not in it.</summary>
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

    /// <summary>Where it stands among the parameters of a syntax line: those with a position first.</summary>
    public int Order => int.TryParse(Position, out int position) ? position : int.MaxValue;
}
