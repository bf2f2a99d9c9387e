namespace EtcdMaint.Engine.Maintenance.Gates;

/// <summary>A gate that is closed: which one, why, and what would open it.</summary>
/// <param name="Gate">The gate's name, which is the error's ID.</param>
/// <param name="OverriddenBy">The name that <c>-Override</c> takes for it; null for a gate that always holds.</param>
/// <param name="OverrideHelps">Whether the override leads on; not where a gate that always holds is closed too.</param>
/// <param name="Wait">How long it can take until the gate opens without an operator's help.</param>
internal sealed record GateRefusal(
    string Gate,
    string Why,
    string Action,
    object? Target = null,
    EtcdGate? OverriddenBy = null,
    GateWait Wait = GateWait.Never,
    Exception? Cause = null,
    bool OverrideHelps = true)
{
    public EtcdException ToException() => new(
        Gate,
        EtcdErrorCategory.InvalidOperation,
        Why,
        OverriddenBy is { } name && OverrideHelps ? Overridable(Action, name) : Action,
        Target,
        Cause);

    /// <summary>What to do, and the name that goes ahead without doing it.</summary>
    public static string Overridable(string? action, EtcdGate name) => $"{action} -Override {name} goes ahead in spite of it.";
}
