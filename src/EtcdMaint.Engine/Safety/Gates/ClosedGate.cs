namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>A gate that a run may wait for.</summary>
/// <param name="Id">The ID as shown to the user.</param>
/// <param name="Wait">Whether the gate can open without an operator, and how soon.</param>
/// <param name="Why">Why the gate is closed.</param>
internal sealed record ClosedGate(string Id, GateWait Wait, string Why);
