namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>A gate that is closed: which one, why, and what would open it.</summary>
/// <param name="Gate">Which gate.</param>
/// <param name="OverrideHelps">Whether the override leads on; not where a gate that always holds is closed too.</param>
/// <param name="Wait">How long it can take until the gate opens without an operator's help.</param>
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
    /// <summary>The value of <c>-Override</c> that opens the gate; null for a gate that cannot be overridden.</summary>
    public EtcdGate? OverriddenBy => GateOverride.Of(Gate);

    public EtcdException ToException() =>
        new(
            Gate.ToString(),
            EtcdErrorCategory.InvalidOperation,
            Why,
            OverriddenBy is { } name && OverrideHelps ? Overridable(Action, name) : Action,
            Target,
            Cause
        );

    /// <summary>What to do, and the name that goes ahead without doing it.</summary>
    public static string Overridable(string? action, EtcdGate name) =>
        $"{action} -Override {name} continues regardless.";
}
