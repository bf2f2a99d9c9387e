using EtcdMaint.Engine.Tests.Transport.Tcp;

namespace EtcdMaint.Engine.Tests.Simulation;

internal enum FaultKind
{
    Kill,
    Pause,
    BreakConnections,
    BlackHole,
    Refuse,
    CutFromPeers,
    ForeignDefrag,
    MoveLead,
    ArmCorrupt,
    ArmNoSpace,
    FillDisk,
    HideMetrics,
    StaleList,
    OtherAnswers,
    FallBehind,
}

/// <summary>
/// Something that happens to a member, counted from the start, from the run's n-th Defragment, or from its n-th
/// confirmation, which comes directly before the final check.
/// </summary>
/// <param name="AfterDefrag">0: from the start of the run; n: from the n-th Defragment that is sent.</param>
/// <param name="Member">The member's number; -1 for the one that the Defragment went to.</param>
/// <param name="Lasts">How long it lasts; null for good.</param>
internal sealed record Fault(FaultKind Kind, int Member, int AfterDefrag, TimeSpan Delay, TimeSpan? Lasts)
{
    /// <summary>n: from the n-th confirmation; 0 where <see cref="AfterDefrag"/> counts.</summary>
    public int AfterConfirmation { get; init; }

    private string Trigger =>
        AfterConfirmation > 0 ? $"confirmation {AfterConfirmation}"
        : AfterDefrag == 0 ? "start"
        : $"Defragment {AfterDefrag}";

    public override string ToString() =>
        $"{Kind} {(Member < 0 ? "the one at work" : $"m{Member}")} {Delay.TotalSeconds:0.###} s after {Trigger}"
        + (Lasts is { } lasts ? $" for {lasts.TotalSeconds:0.###} s" : "");
}
