namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>A gate that a run may wait for.</summary>
/// <param name="Id">The ID that the user reads.</param>
/// <param name="Wait">Whether it can open without an operator, and how soon.</param>
/// <param name="Why">Why it is closed.</param>
internal sealed record ClosedGate(string Id, GateWait Wait, string Why);
