namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>What a run may wait for: a closed gate, or a finding that prevents maintenance.</summary>
/// <param name="Id">The ID of the gate or the finding, as shown to the user.</param>
/// <param name="Wait">Whether the condition can end without an operator, and how soon.</param>
/// <param name="Why">Why the run cannot continue.</param>
internal sealed record WaitReason(string Id, GateWait Wait, string Why);
