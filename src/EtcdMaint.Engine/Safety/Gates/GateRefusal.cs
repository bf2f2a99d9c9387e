namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>A closed gate, with the reason and the recommended action.</summary>
/// <param name="Gate">The gate.</param>
/// <param name="OverrideHelps">Whether the override is sufficient; false if a gate that cannot be overridden is closed
/// too.</param>
/// <param name="Wait">How long the gate can take to open without action by an operator.</param>
internal sealed record GateRefusal(
    GateId Gate,
    string Why,
    string Action,
    object? Target = null,
    GateWait Wait = GateWait.Never,
    Exception? Cause = null,
    bool OverrideHelps = true
)
{
    /// <summary>The names of the members that the gate concerns, or null.</summary>
    public string? Subject { get; init; }

    /// <summary>
    /// The value of <c>-Override</c> that opens the gate, or null for a gate that cannot be overridden.
    /// </summary>
    public EtcdGate? OverriddenBy => GateOverride.Of(Gate);

    public EtcdException ToException() =>
        new(
            Gate.ToString(),
            EtcdErrorCategory.InvalidOperation,
            Why,
            OverriddenBy is { } name && OverrideHelps ? Overridable(Action, name) : Action,
            Target,
            Cause
        )
        {
            Subject = Subject,
        };

    /// <summary>Returns the recommended action followed by the override that continues without it.</summary>
    public static string Overridable(string? action, EtcdGate name) =>
        $"{action} -Override {name} continues regardless.";
}
